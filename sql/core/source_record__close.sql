-- what:  close the current version of persons who are described otherwise
-- grain: source record
-- reads: staged_change
-- key:   source_record_id, known_from
UPDATE core.source_record s
SET known_to = :known_at
FROM staged_change c
WHERE s.source_record_id = c.source_record_id AND s.known_to = 'infinity'
