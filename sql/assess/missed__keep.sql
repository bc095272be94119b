-- What:  of the households judged as if attached, those that would be ready.
-- Grain: household.   Reads: new_readiness, supposed, assess.latest.   Key: household_id.
INSERT INTO assess.missed (household_id, supposed_on, result, problems_present, problems_improved, plan_id, as_at, run_id)
SELECT r.household_id, s.attached_on, r.result, r.problems_present, r.problems_improved, r.plan_id, CAST(:as_at AS date), l.run_id
FROM new_readiness r JOIN supposed s USING (household_id) CROSS JOIN assess.latest l
WHERE r.status = 'ready'
