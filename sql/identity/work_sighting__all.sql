-- what:  the same of everybody, where all homes are worked out anew
-- grain: source record x day on which its home was first given
-- reads: work_resident, identity.person_link, identity.sighting
-- key:   source_record_id, seen_on
CREATE TEMP TABLE work_sighting ON COMMIT DROP AS
WITH said AS (
    SELECT s.source_record_id, l.person_id, s.partner, s.seen_on, s.surname, s.uprn, s.written
    FROM work_resident w
    JOIN identity.person_link l ON l.person_id = w.person_id AND l.known_to = 'infinity'
    JOIN identity.sighting s ON s.source_record_id = l.source_record_id
), uprn_of AS (
    SELECT u.written, min(u.uprn) AS uprn
    FROM (SELECT DISTINCT written FROM said WHERE uprn IS NULL) w JOIN identity.sighting u USING (written)
    WHERE u.uprn IS NOT NULL GROUP BY u.written HAVING count(DISTINCT u.uprn) = 1
)
SELECT s.source_record_id, s.person_id, s.partner, s.seen_on, s.surname, s.written,
       coalesce('uprn ' || s.uprn, 'uprn ' || u.uprn, 'address ' || s.written) AS home,
       lead(s.seen_on) OVER (PARTITION BY s.source_record_id ORDER BY s.seen_on) AS until
FROM said s LEFT JOIN uprn_of u ON u.written = s.written
