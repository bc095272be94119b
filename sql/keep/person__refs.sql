-- what:  every source record that is or was linked to a person, with the partner's reference
-- grain: source record
-- reads: identity.person_link, core.source_record
-- key:   source_record_id
SELECT DISTINCT s.source_record_id, s.partner, s.feed, s.person_ref
FROM core.source_record s
WHERE (s.partner, s.person_ref) IN (SELECT r.partner, r.person_ref
                                    FROM identity.person_link l JOIN core.source_record r USING (source_record_id)
                                    WHERE l.person_id = :person_id AND l.known_to = 'infinity')
ORDER BY s.partner, s.feed, s.person_ref
