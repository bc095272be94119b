-- what:  close the versions of links that are no longer so
-- grain: source record x version
-- reads: work_link_change
-- key:   source_record_id, known_from
UPDATE identity.person_link l SET known_to = :known_at
FROM work_link_change c
WHERE c.source_record_id = l.source_record_id AND l.known_to = 'infinity'
