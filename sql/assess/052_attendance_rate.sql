-- What:  each person's sums over each window of whole terms, and whether the rule's rate was failed.
--        Sums come before ratios: a window is a sum over a sum. `days`: those on which the window is the last n terms.
-- Grain: rule x household x person x window.   Reads: attended, rule, span_window.   Key: rule_id, household_id, person_id, days.
CREATE TEMP TABLE attendance_rate ON COMMIT DROP AS
WITH summed AS (
    SELECT a.household_id, a.person_id, a.is_dated, w.window_no, sum(a.attended) AS attended, sum(a.possible) AS possible,
           sum(a.unauthorised) AS unauthorised, sum(a.possible - a.authorised) AS not_authorised
    FROM attended a
    JOIN span_window w ON w.plan_id = a.plan_id AND w.span = a.span AND a.last_day BETWEEN w.starts_on AND w.ends_on
    GROUP BY a.household_id, a.person_id, a.is_dated, w.window_no
), measured AS (
    SELECT r.rule_id, r.side, r.threshold, r.is_floor, s.household_id, s.person_id, s.is_dated, w.stands AS days, w.starts_on, w.ends_on,
           CASE r.measure WHEN 'unauthorised' THEN s.unauthorised ELSE s.attended END AS part,
           CASE r.measure WHEN 'attended_less_authorised' THEN s.not_authorised ELSE s.possible END AS whole
    FROM summed s JOIN span_window w USING (window_no) JOIN rule r ON r.ask = 'rate' AND r.plan_id = w.plan_id AND r.window_n = w.n
)
-- `below` or, with a floor, `at_least`: found where a criterion's holds, and where an improvement's does not
SELECT *, (side = 'identified') = CASE WHEN is_floor THEN part >= threshold * whole ELSE part < threshold * whole END AS is_hit
FROM measured WHERE whole > 0
