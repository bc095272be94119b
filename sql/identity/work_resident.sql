-- what:  persons whose homes may have changed: their records came, changed, went or moved, or the UPRN of an address that they gave
-- grain: person
-- reads: work_link_change, work_pending, work_written, identity.sighting, identity.person_link
-- key:   person_id
CREATE TEMP TABLE work_resident ON COMMIT DROP AS
SELECT was_id AS person_id FROM work_link_change WHERE was_id IS NOT NULL
UNION
SELECT now_id FROM work_link_change WHERE now_id IS NOT NULL
UNION
SELECT l.person_id FROM work_pending JOIN identity.person_link l USING (source_record_id) WHERE l.known_to = 'infinity'
UNION
SELECT l.person_id
FROM (SELECT DISTINCT written FROM work_written) w
JOIN identity.sighting s ON s.written = w.written AND s.uprn IS NULL
JOIN identity.person_link l ON l.source_record_id = s.source_record_id AND l.known_to = 'infinity'
