-- what:  every member is a person, and every linked record's person stands
-- grain: person
-- reads: mart.household_member_v1, mart.person_source_v1, identity.person
-- key:   person_id
SELECT DISTINCT j.person_id::text
FROM (SELECT person_id FROM mart.household_member_v1
      UNION ALL SELECT person_id FROM mart.person_source_v1 WHERE person_id IS NOT NULL) j
WHERE NOT EXISTS (SELECT 1 FROM identity.person p WHERE p.person_id = j.person_id)
