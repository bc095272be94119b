-- What:  each person's sums over each window of whole terms, and whether the rule's rate was failed.
--        Sums come before ratios: a window is a sum over a sum.
-- Grain: rule x household x person x window.   Reads: attended, rule, span_window.   Key: rule_id, household_id, person_id, days.
CREATE TEMP TABLE attendance_rate ON COMMIT DROP AS
WITH summed AS (
    SELECT r.rule_id, r.side, r.threshold, r.is_floor, a.household_id, a.person_id, a.is_dated, w.days,
           CASE r.measure WHEN 'unauthorised' THEN sum(a.unauthorised) ELSE sum(a.attended) END AS part,
           CASE r.measure WHEN 'attended_less_authorised' THEN sum(a.possible - a.authorised) ELSE sum(a.possible) END AS whole
    FROM attended a
    JOIN rule r ON r.ask = 'rate' AND r.plan_id = a.plan_id
    JOIN span_window w ON w.span = a.span AND w.n = r.window_n AND a.last_day BETWEEN w.starts_on AND w.ends_on
    GROUP BY r.rule_id, r.side, r.threshold, r.is_floor, r.measure, a.household_id, a.person_id, a.is_dated, w.days
)
-- `below` or, with a floor, `at_least`: found where a criterion's holds, and where an improvement's does not
SELECT *, (side = 'identified') = CASE WHEN is_floor THEN part >= threshold * whole ELSE part < threshold * whole END AS is_hit
FROM summed WHERE whole > 0
