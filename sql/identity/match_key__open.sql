-- what:  remember the blocks of changed records
-- grain: block x source record
-- reads: work_key
-- key:   none
INSERT INTO identity.match_key_since (key, source_record_id, born, is_since) SELECT key, source_record_id, born, true FROM work_key ORDER BY key
