-- what:  the persons of households that a claim stands for
-- grain: person
-- reads: assess.readiness, identity.membership
-- key:   person_id
CREATE TEMP TABLE work_claimed ON COMMIT DROP AS
SELECT DISTINCT m.person_id
FROM assess.readiness r JOIN identity.membership m ON m.household_id = r.household_id AND m.known_to = 'infinity'
WHERE r.status = 'claimed'
