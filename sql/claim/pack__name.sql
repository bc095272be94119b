-- what:  the names of people, as their latest records have them: for a pack that is asked for with names
-- grain: person
-- reads: identity.person_link, core.source_record
-- key:   person_id
SELECT DISTINCT ON (l.person_id) l.person_id, concat_ws(' ', s.forename, s.surname) AS name
FROM identity.person_link l
JOIN core.source_record s ON s.source_record_id = l.source_record_id AND s.known_to = 'infinity' AND s.surname IS NOT NULL
WHERE l.person_id = ANY (CAST(:people AS bigint[])) AND l.known_to = 'infinity'
ORDER BY l.person_id, s.known_from DESC
