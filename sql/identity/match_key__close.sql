-- what:  forget the blocks of changed records
-- grain: block x source record
-- reads: work_changed
-- key:   none
DELETE FROM identity.match_key WHERE source_record_id = ANY(ARRAY(SELECT source_record_id FROM work_changed))
