-- What:  the days on which a person's facts decide a test: facts that one test of a criterion found decide those that ask of the same kind.
-- Grain: rule x household x person.   Reads: person_finding, rule, rule_match.   Key: rule_id, household_id, person_id.
CREATE TEMP TABLE decided ON COMMIT DROP AS
SELECT same.rule_id, f.household_id, f.person_id, range_agg(f.found) AS found
FROM person_finding f
JOIN rule r USING (rule_id)
JOIN rule same ON same.plan_id = r.plan_id AND same.side = r.side AND same.problem = r.problem AND same.criterion = r.criterion
     AND EXISTS (SELECT FROM rule_match a JOIN rule_match b USING (kind) WHERE a.rule_id = r.rule_id AND b.rule_id = same.rule_id)
GROUP BY same.rule_id, f.household_id, f.person_id
