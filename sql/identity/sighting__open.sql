-- what:  the home that each linked record gave its person, from the day of its snapshot on; of two versions of a day the later known one,
--        and before both what a replay made of it. A file that another has taken the place of says nothing
-- grain: source record x day on which a home was given
-- reads: work_reread, core.source_record (every version), core.past_home, landing.delivery, identity.person_link
-- key:   source_record_id, seen_on
INSERT INTO identity.sighting (source_record_id, partner, seen_on, surname, uprn, written)
SELECT DISTINCT ON (s.source_record_id, d.snapshot_on) s.source_record_id, s.partner, d.snapshot_on, identity.text_key(s.surname),
       nullif(ltrim(s.uprn, '0'), ''), identity.text_key(s.address) || '|' || identity.text_key(s.postcode)
FROM (
    SELECT r.source_record_id, r.partner, r.delivery_id, r.known_from, r.surname, r.uprn, r.address, r.postcode
    FROM work_reread w
    JOIN core.source_record r ON r.source_record_id = w.source_record_id
    WHERE r.introduces
    UNION ALL
    SELECT h.source_record_id, h.partner, h.delivery_id, 'infinity', h.surname, h.uprn, h.address, h.postcode
    FROM work_reread w
    JOIN core.past_home h ON h.source_record_id = w.source_record_id
) s
JOIN identity.person_link l ON l.source_record_id = s.source_record_id AND l.known_to = 'infinity'
JOIN landing.delivery d ON d.delivery_id = s.delivery_id
WHERE (nullif(ltrim(s.uprn, '0'), '') IS NOT NULL OR identity.text_key(s.address) || '|' || identity.text_key(s.postcode) IS NOT NULL)
  AND NOT EXISTS (SELECT FROM landing.delivery n
                  WHERE n.feed = d.feed AND n.partner = d.partner AND n.snapshot_on = d.snapshot_on AND n.sequence = d.sequence
                    AND n.state IN ('accepted', 'published', 'acknowledged') AND n.status IS DISTINCT FROM 'duplicate'
                    AND n.received_at > d.received_at)
ORDER BY s.source_record_id, d.snapshot_on, s.known_from DESC
