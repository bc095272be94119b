-- what:  the households that a person was taken to belong to, every version; nobody else in them
-- grain: membership version
-- reads: identity.membership
-- key:   household_id, valid, known_from
SELECT household_id, lower(valid) AS valid_from, upper(valid) AS valid_to, relationship, basis, confidence, known_from,
       nullif(known_to, 'infinity') AS known_to
FROM identity.membership
WHERE person_id = :person_id
ORDER BY lower(valid) NULLS FIRST, household_id, known_from
