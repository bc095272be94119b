-- What:  the facts that the deciding tests used: for what was met on the day or since attachment, for what stands in the way
--        of improvement, for attendance that was summed, for principles and for the employment result.
-- Grain: household x criterion x person x kind of fact.   Reads: occurrence, shown_rule, answer, hh, principle_days, worker, worker_spell, employment_days.   Key: none.
INSERT INTO assess.facts_used (household_id, side, problem, criterion, person_id, kind, fact_ids, plan_id, as_at, run_id)
WITH deciding AS MATERIALIZED (
    -- the tests that were met since attachment, or stand in the way today, with the days that count
    SELECT a.rule_id, a.household_id, r.criterion_no, d.days
    FROM answer a
    JOIN shown_rule r USING (rule_id)
    JOIN hh h USING (household_id)
    CROSS JOIN LATERAL (SELECT CASE r.side WHEN 'identified' THEN assess.days(h.lo, :as_at) ELSE assess.days(:as_at, :as_at) END AS days) d
    WHERE a.hit && d.days
), used AS (
    SELECT o.household_id, d.criterion_no, o.person_id, o.kind, array_agg(DISTINCT o.fact_id) AS fact_ids
    FROM occurrence o JOIN deciding d USING (rule_id, household_id)
    WHERE o.days && d.days
    GROUP BY o.household_id, d.criterion_no, o.person_id, o.kind
)
SELECT * FROM (
SELECT u.household_id, r.side, r.problem, r.criterion, u.person_id, u.kind, u.fact_ids, r.plan_id, CAST(:as_at AS date), CAST(:run_id AS bigint)
FROM used u JOIN shown_rule r ON r.rule_id = u.criterion_no
UNION ALL
SELECT p.household_id, 'principle', '', p.principle, NULL, p.kind, p.fact_ids, p.plan_id, :as_at, :run_id
FROM principle_days p WHERE p.fact_ids IS NOT NULL
UNION ALL
SELECT w.household_id, 'result', '', 'employment', w.person_id, f.kind, array_agg(DISTINCT f.fact_id), w.plan_id, :as_at, :run_id
FROM worker w
JOIN employment_days d USING (household_id, person_id)
JOIN worker_spell f USING (household_id, person_id)
WHERE f.fact_id = ANY (w.benefit_ids) OR f.fact_id = ANY (w.work_ids)
GROUP BY w.household_id, w.person_id, f.kind, w.plan_id
) e (household_id)
-- (a household's rows lie together, and go into the index in its order)
ORDER BY household_id
