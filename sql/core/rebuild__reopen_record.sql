-- what:  source records that stand as before were never closed
-- grain: source record
-- reads: same_record
-- key:   source_record_id, known_from
UPDATE core.source_record r SET known_to = 'infinity'
FROM same_record s
WHERE r.source_record_id = s.source_record_id AND r.known_from = s.before
