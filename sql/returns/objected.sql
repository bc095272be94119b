-- what:  whom these ids name today: a person whose records went to another is that other
-- grain: id given x person
-- reads: identity.person_link
-- key:   asked, person_id
SELECT DISTINCT was.person_id AS asked, now.person_id
FROM identity.person_link was
JOIN identity.person_link now USING (source_record_id)
WHERE was.person_id = ANY (CAST(:people AS bigint[])) AND now.known_to = 'infinity'
