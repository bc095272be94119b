-- What:  the attendance rows that a rate summed, where the rate was met since attachment, or is asked for improvement.
-- Grain: household x criterion x fact.   Reads: attendance_rate, rule, hh, term_window, problem_now, attended.   Key: none.
INSERT INTO assess.evidence (household_id, side, problem, criterion, person_id, fact_id, kind, plan_id, as_at, run_id)
WITH used AS (
    SELECT DISTINCT a.rule_id, r.side, r.problem, r.criterion, r.plan_id, a.household_id, a.person_id, w.starts_on, w.ends_on
    FROM attendance_rate a
    JOIN rule r USING (rule_id)
    JOIN hh h USING (household_id)
    JOIN term_window w ON w.n = r.window_n AND w.days && a.days
    JOIN problem_now n ON n.household_id = a.household_id AND n.problem = r.problem
    WHERE CASE r.side WHEN 'identified' THEN a.is_hit AND a.days && assess.days(h.lo, :as_at)
                      ELSE h.attached_on IS NOT NULL AND n.present_since = 'met' AND a.days @> CAST(:as_at AS date) END
)
SELECT DISTINCT u.household_id, u.side, u.problem, u.criterion, u.person_id, f.fact_id, f.kind, u.plan_id, CAST(:as_at AS date), CAST(:run_id AS bigint)
FROM used u
JOIN attended f ON f.household_id = u.household_id AND f.person_id = u.person_id AND f.last_day BETWEEN u.starts_on AND u.ends_on
WHERE f.kind IN (SELECT m.kind FROM rule_match m WHERE m.rule_id = u.rule_id)
