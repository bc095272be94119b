-- What:  the facts that the deciding tests used: for what was met on the day or since attachment, for what stands in the way
--        of improvement, for attendance that was summed, for principles and for the employment result.
-- Grain: household x criterion x fact.   Reads: occurrence, shown_rule, answer, hh, attendance_rate, subject, core.fact, principle_days, worker.   Key: none.
INSERT INTO assess.evidence (household_id, side, problem, criterion, person_id, fact_id, kind, plan_id, as_at, run_id)
WITH deciding AS MATERIALIZED (
    -- the tests that were met since attachment, or stand in the way today, with the days that count
    SELECT a.rule_id, a.household_id, r.criterion_no, d.days
    FROM answer a
    JOIN shown_rule r USING (rule_id)
    JOIN hh h USING (household_id)
    CROSS JOIN LATERAL (SELECT CASE r.side WHEN 'identified' THEN assess.days(h.lo, :as_at) ELSE assess.days(:as_at, :as_at) END AS days) d
    WHERE a.hit && d.days
), used AS (
    SELECT DISTINCT o.household_id, d.criterion_no, o.person_id, o.fact_id, o.kind
    FROM occurrence o JOIN deciding d USING (rule_id, household_id)
    WHERE o.days && d.days
)
SELECT u.household_id, r.side, r.problem, r.criterion, u.person_id, u.fact_id, u.kind, r.plan_id, CAST(:as_at AS date), CAST(:run_id AS bigint)
FROM used u JOIN shown_rule r ON r.rule_id = u.criterion_no
UNION ALL
SELECT p.household_id, 'principle', '', p.principle, NULL, x, p.kind, p.plan_id, :as_at, :run_id
FROM principle_days p, unnest(p.fact_ids) x
UNION ALL
SELECT w.household_id, 'result', '', 'employment', w.person_id, x.fact_id, f.kind, w.plan_id, :as_at, :run_id
FROM worker w
JOIN employment_days d USING (household_id, person_id)
CROSS JOIN LATERAL (SELECT unnest(coalesce(w.benefit_ids, '{}') || coalesce(w.work_ids, '{}')) AS fact_id) x
JOIN LATERAL (SELECT kind FROM core.fact WHERE fact_id = x.fact_id AND kind IN (SELECT kind FROM employment_match) LIMIT 1) f ON true
