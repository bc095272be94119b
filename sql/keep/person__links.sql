-- what:  how records came to be taken for a person, every version
-- grain: link version
-- reads: identity.person_link, core.source_record
-- key:   source_record_id, known_from
SELECT DISTINCT s.feed, s.partner, s.person_ref, l.person_id, l.decided_by, l.because, l.match_weight, l.known_from,
       nullif(l.known_to, 'infinity') AS known_to
FROM identity.person_link l JOIN core.source_record s USING (source_record_id)
WHERE l.source_record_id = ANY (CAST(:ids AS bigint[]))
ORDER BY s.feed, l.known_from
