-- what:  the home that each partner's record gave a person, from the day of its snapshot until the record said otherwise.
--        A home is a UPRN, or an address with its postcode; a written address seen with one UPRN only is that UPRN's
-- grain: source record x day on which its home was first given
-- reads: core.source_record (every version of current records), landing.delivery, identity.person_link
-- key:   source_record_id, seen_on
CREATE TEMP TABLE work_sighting ON COMMIT DROP AS
WITH said AS (
    SELECT r.source_record_id, l.person_id, r.partner, d.snapshot_on AS seen_on, r.known_from, identity.text_key(r.surname) AS surname,
           nullif(ltrim(r.uprn, '0'), '') AS uprn, identity.text_key(r.address) || '|' || identity.text_key(r.postcode) AS written
    FROM core.source_record r
    JOIN identity.person_link l ON l.source_record_id = r.source_record_id AND l.known_to = 'infinity'
    JOIN landing.delivery d USING (delivery_id)
    WHERE r.introduces AND (r.uprn IS NOT NULL OR r.address IS NOT NULL)
), uprn_of AS (
    SELECT written, min(uprn) AS uprn FROM said
    WHERE written IS NOT NULL AND uprn IS NOT NULL GROUP BY written HAVING count(DISTINCT uprn) = 1
), given AS (
    SELECT DISTINCT ON (s.source_record_id, s.seen_on) s.source_record_id, s.person_id, s.partner, s.seen_on, s.surname, s.written,
           coalesce('uprn ' || s.uprn, 'uprn ' || u.uprn, 'address ' || s.written) AS home
    FROM said s LEFT JOIN uprn_of u ON u.written = s.written
    WHERE s.uprn IS NOT NULL OR s.written IS NOT NULL
    ORDER BY s.source_record_id, s.seen_on, s.known_from DESC
)
SELECT *, lead(seen_on) OVER (PARTITION BY source_record_id ORDER BY seen_on) AS until FROM given
