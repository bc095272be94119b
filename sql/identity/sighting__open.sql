-- what:  the home that each linked record gave its person, from the day of its snapshot on; of two versions of a day the later known one
-- grain: source record x day on which a home was given
-- reads: work_reread, core.source_record (every version), landing.delivery, identity.person_link
-- key:   source_record_id, seen_on
INSERT INTO identity.sighting (source_record_id, partner, seen_on, surname, uprn, written)
SELECT DISTINCT ON (s.source_record_id, s.seen_on) s.source_record_id, s.partner, s.seen_on, s.surname, s.uprn, s.written
FROM (
    SELECT r.source_record_id, r.partner, d.snapshot_on AS seen_on, r.known_from, identity.text_key(r.surname) AS surname,
           nullif(ltrim(r.uprn, '0'), '') AS uprn, identity.text_key(r.address) || '|' || identity.text_key(r.postcode) AS written
    FROM work_reread w
    JOIN identity.person_link l ON l.source_record_id = w.source_record_id AND l.known_to = 'infinity'
    JOIN core.source_record r ON r.source_record_id = w.source_record_id
    JOIN landing.delivery d USING (delivery_id)
    WHERE r.introduces AND (r.uprn IS NOT NULL OR r.address IS NOT NULL)
) s
WHERE s.uprn IS NOT NULL OR s.written IS NOT NULL
ORDER BY s.source_record_id, s.seen_on, s.known_from DESC
