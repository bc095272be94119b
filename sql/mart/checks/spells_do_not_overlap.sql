-- what:  a person is not twice a member of one household on one day
-- grain: household x person
-- reads: identity.membership
-- key:   household_id, person_id
SELECT DISTINCT concat_ws('/', a.household_id, a.person_id)
FROM identity.membership a
JOIN identity.membership b ON b.household_id = a.household_id AND b.person_id = a.person_id AND b.known_to = 'infinity'
                          AND b.valid && a.valid AND b.valid <> a.valid
WHERE a.known_to = 'infinity'
