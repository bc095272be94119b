-- what:  forget the blocks of changed records
-- grain: block x source record
-- reads: work_changed
-- key:   none
DELETE FROM identity.match_key k USING work_changed c WHERE k.source_record_id = c.source_record_id
