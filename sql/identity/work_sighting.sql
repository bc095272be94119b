-- what:  the home that each partner's record gave a person, from the day of its snapshot until the record said otherwise.
--        A home is a UPRN, or an address with its postcode; a written address seen with one UPRN only is that UPRN's
-- grain: source record x day on which its home was first given
-- reads: work_resident, identity.person_link, identity.sighting
-- key:   source_record_id, seen_on
CREATE TEMP TABLE work_sighting ON COMMIT DROP AS
WITH said AS MATERIALIZED (
    SELECT s.source_record_id, l.person_id, s.partner, s.seen_on, s.surname, s.uprn, s.written
    FROM work_resident w
    JOIN identity.person_link l ON l.person_id = w.person_id AND l.known_to = 'infinity'
    CROSS JOIN LATERAL (SELECT * FROM identity.sighting g WHERE g.source_record_id = l.source_record_id OFFSET 0) s
), uprn_of AS (
    SELECT w.written, low.uprn
    FROM (SELECT DISTINCT written FROM said WHERE uprn IS NULL) w
    CROSS JOIN LATERAL (SELECT g.uprn FROM identity.sighting g
                        WHERE g.written = w.written AND g.uprn IS NOT NULL ORDER BY g.uprn LIMIT 1) low
    CROSS JOIN LATERAL (SELECT g.uprn FROM identity.sighting g
                        WHERE g.written = w.written AND g.uprn IS NOT NULL ORDER BY g.uprn DESC LIMIT 1) high
    WHERE low.uprn = high.uprn
)
SELECT s.source_record_id, s.person_id, s.partner, s.seen_on, s.surname, s.written,
       coalesce('uprn ' || s.uprn, 'uprn ' || u.uprn, 'address ' || s.written) AS home,
       lead(s.seen_on) OVER (PARTITION BY s.source_record_id ORDER BY s.seen_on) AS until
FROM said s LEFT JOIN uprn_of u ON u.written = s.written
