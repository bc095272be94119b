-- what:  forget which changed records, or records compared anew, are alike as twins are
-- grain: pair of records
-- reads: work_changed, work_compared
-- key:   source_record_a, source_record_b
DELETE FROM identity.match_twin e
USING (SELECT source_record_id FROM work_changed UNION SELECT source_record_id FROM work_compared) c
WHERE c.source_record_id IN (e.source_record_a, e.source_record_b)
