-- what:  the persons who must never be one, as they are linked now: nothing is told of such a pair
-- grain: pair of persons
-- reads: work_sealed, identity.person_link
-- key:   one, other (one < other)
CREATE TEMP TABLE work_sealed_person ON COMMIT DROP AS
SELECT DISTINCT least(a.person_id, b.person_id) AS one, greatest(a.person_id, b.person_id) AS other
FROM work_sealed s
JOIN identity.person_link a ON a.source_record_id = s.a AND a.known_to = 'infinity'
JOIN identity.person_link b ON b.source_record_id = s.b AND b.known_to = 'infinity'
WHERE a.person_id <> b.person_id
