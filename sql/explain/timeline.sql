-- what:  everything known of a household, or of a person, in order of time
-- grain: fact (of a person in two households once, with one of them)
-- reads: mart.timeline_v1, mart.household_member_v1
-- key:   person_id, fact_id
SELECT DISTINCT ON (happened_on, domain, kind, fact_id, person_id)
       household_id, person_id, happened_on, ended_on, kind, domain, says, feed, partner, file_name, line_no, known_from, while_member,
       (SELECT m.relationship FROM mart.household_member_v1 m
        WHERE m.household_id = t.household_id AND m.person_id = t.person_id AND m.relationship IS NOT NULL
        ORDER BY m.valid_from DESC NULLS LAST LIMIT 1) AS relationship
FROM mart.timeline_v1 t
WHERE (household_id = CAST(:household_id AS bigint) OR person_id = CAST(:person_id AS bigint))
  AND (CAST(:to_day AS date) IS NULL OR happened_on IS NULL OR happened_on <= :to_day)
ORDER BY happened_on NULLS FIRST, domain, kind, fact_id, person_id, while_member DESC, household_id
