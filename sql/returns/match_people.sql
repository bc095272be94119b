-- what:  the adults of families that are attached, found or may be found: whom a benefit match is asked about
-- grain: person
-- reads: assess.readiness, identity.membership, identity.person, assess.latest
-- key:   person_id
SELECT DISTINCT m.person_id
FROM assess.readiness r
CROSS JOIN assess.latest l
JOIN identity.membership m ON m.household_id = r.household_id AND m.known_to = 'infinity' AND m.valid @> l.as_at
JOIN identity.person p ON p.person_id = m.person_id
WHERE (r.attached_on IS NOT NULL OR r.status = ANY(CAST(:statuses AS text[])))
  AND extract(year FROM age(l.as_at, p.date_of_birth)) >= :adult
ORDER BY m.person_id
