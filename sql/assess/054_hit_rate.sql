-- What:  the days on which a person's rate is found, and fails or meets the rule.
-- Grain: rule x household x person.   Reads: attendance_rate.   Key: rule_id, household_id, person_id.
INSERT INTO person_finding (rule_id, household_id, person_id, hit, doubt, found)
SELECT rule_id, household_id, person_id,
       coalesce(range_agg(days) FILTER (WHERE is_hit AND is_dated), '{}'),
       coalesce(range_agg(days) FILTER (WHERE is_hit AND NOT is_dated), '{}'), range_agg(days)
FROM attendance_rate GROUP BY rule_id, household_id, person_id
