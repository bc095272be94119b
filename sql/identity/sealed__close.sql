-- what:  forget which of the records that are looked at bear a mark of a sealed identity
-- grain: source record x seal
-- reads: work_touched
-- key:   source_record_id, seal_id
DELETE FROM sealed.member m USING work_touched t WHERE t.source_record_id = m.source_record_id
