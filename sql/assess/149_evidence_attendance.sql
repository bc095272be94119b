-- What:  the attendance rows that a rate summed, where the rate was met since attachment, or is asked for improvement.
-- Grain: household x criterion x fact.   Reads: attendance_rate, shown_rule, rule_match, hh, problem_now, attended.   Key: none.
INSERT INTO assess.evidence (household_id, side, problem, criterion, person_id, fact_id, kind, plan_id, as_at, run_id)
WITH used AS (
    SELECT a.rule_id, r.criterion_no, a.household_id, a.person_id, a.starts_on, a.ends_on
    FROM attendance_rate a
    JOIN shown_rule r USING (rule_id)
    JOIN hh h USING (household_id)
    WHERE r.side = 'identified' AND a.is_hit AND a.days && assess.days(h.lo, :as_at)
    UNION ALL
    SELECT a.rule_id, r.criterion_no, a.household_id, a.person_id, a.starts_on, a.ends_on
    FROM attendance_rate a
    JOIN shown_rule r USING (rule_id)
    JOIN problem_now n ON n.household_id = a.household_id AND n.problem = r.problem
    WHERE r.side = 'improved' AND n.attached_on IS NOT NULL AND n.present_since = 'met' AND a.days @> CAST(:as_at AS date)
), fact AS (
    SELECT DISTINCT u.criterion_no, u.household_id, u.person_id, f.fact_id, f.kind
    FROM used u
    JOIN attended f ON f.household_id = u.household_id AND f.person_id = u.person_id AND f.last_day BETWEEN u.starts_on AND u.ends_on
    WHERE (u.rule_id, f.kind) IN (SELECT rule_id, kind FROM rule_match)
)
SELECT f.household_id, r.side, r.problem, r.criterion, f.person_id, f.fact_id, f.kind, r.plan_id, CAST(:as_at AS date), CAST(:run_id AS bigint)
FROM fact f JOIN shown_rule r ON r.rule_id = f.criterion_no
