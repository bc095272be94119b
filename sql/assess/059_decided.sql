-- What:  the days on which a person's facts decide a test: facts that any test of a criterion found decide all of it.
-- Grain: rule x household x person.   Reads: person_finding, rule.   Key: rule_id, household_id, person_id.
CREATE TEMP TABLE decided ON COMMIT DROP AS
SELECT same.rule_id, f.household_id, f.person_id, range_agg(f.found) AS found
FROM person_finding f
JOIN rule r USING (rule_id)
JOIN rule same ON same.plan_id = r.plan_id AND same.side = r.side AND same.problem = r.problem AND same.criterion = r.criterion
GROUP BY same.rule_id, f.household_id, f.person_id
