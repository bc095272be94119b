-- what:  forget the homes of records that are read anew
-- grain: source record x day
-- reads: work_reread
-- key:   source_record_id, seen_on
DELETE FROM identity.sighting s USING work_reread r WHERE s.source_record_id = r.source_record_id
