-- what:  drop the replay's copies of source records that stand as before
-- grain: source record
-- reads: same_record
-- key:   source_record_id, known_from
DELETE FROM core.source_record r USING same_record s WHERE r.source_record_id = s.source_record_id AND r.known_from = s.again
