-- what:  remember the blocks of changed records
-- grain: block x source record
-- reads: work_key
-- key:   none
INSERT INTO identity.match_key (key, source_record_id) SELECT key, source_record_id FROM work_key
