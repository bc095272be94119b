-- What:  the days on which some spell is not settled. What was found decides, whatever the coverage.
-- Grain: rule x household.   Reads: occurrence, rule.   Key: rule_id, household_id.
INSERT INTO finding (rule_id, household_id, hit, doubt, found)
SELECT o.rule_id, o.household_id, range_agg(o.days), '{}', '{(,)}'
FROM occurrence o JOIN rule r USING (rule_id) WHERE r.ask = 'latest' GROUP BY o.rule_id, o.household_id
