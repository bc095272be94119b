-- What:  the attendance rows that a rate summed, where the rate was met since attachment, or is asked for improvement.
-- Grain: household x criterion x person x kind of fact.   Reads: attendance_rate, shown_rule, rule_match, hh, problem_now, attended.   Key: none.
INSERT INTO assess.facts_used (household_id, side, problem, criterion, person_id, kind, fact_ids, plan_id, as_at, run_id)
WITH read AS (
    SELECT r.rule_id, r.criterion_no, r.side, r.problem, array_agg(m.kind) AS kinds
    FROM shown_rule r JOIN rule_match m USING (rule_id) WHERE r.ask = 'rate' GROUP BY r.rule_id, r.criterion_no, r.side, r.problem
), used AS (
    SELECT r.criterion_no, r.kinds, a.household_id, a.person_id, a.starts_on, a.ends_on
    FROM attendance_rate a
    JOIN read r USING (rule_id)
    JOIN hh h USING (household_id)
    WHERE r.side = 'identified' AND a.is_hit AND a.days && assess.days(h.lo, :as_at)
    UNION ALL
    SELECT r.criterion_no, r.kinds, a.household_id, a.person_id, a.starts_on, a.ends_on
    FROM attendance_rate a
    JOIN read r USING (rule_id)
    JOIN problem_now n ON n.household_id = a.household_id AND n.problem = r.problem
    WHERE r.side = 'improved' AND n.attached_on IS NOT NULL AND n.present_since = 'met' AND a.days @> CAST(:as_at AS date)
), fact AS (
    SELECT u.criterion_no, u.household_id, u.person_id, f.kind, array_agg(DISTINCT f.fact_id) AS fact_ids
    FROM used u
    JOIN attended f ON f.household_id = u.household_id AND f.person_id = u.person_id AND f.last_day BETWEEN u.starts_on AND u.ends_on
    WHERE f.kind = ANY (u.kinds)
    GROUP BY u.criterion_no, u.household_id, u.person_id, f.kind
)
SELECT f.household_id, r.side, r.problem, r.criterion, f.person_id, f.kind, f.fact_ids, r.plan_id, CAST(:as_at AS date), CAST(:run_id AS bigint)
FROM fact f JOIN shown_rule r ON r.rule_id = f.criterion_no
