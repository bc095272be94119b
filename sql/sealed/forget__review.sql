-- what:  take away what reviewers said of the two
-- grain: pair of records
-- reads: sealed_side
-- key:   source_record_a, source_record_b
DELETE FROM identity.review u USING sealed_side a, sealed_side b
WHERE a.source_record_id = u.source_record_a AND b.source_record_id = u.source_record_b AND a.is_new <> b.is_new
