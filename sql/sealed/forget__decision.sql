-- what:  take away what was decided of the two: the seal stands above it
-- grain: pair of records
-- reads: sealed_side
-- key:   source_record_a, source_record_b
DELETE FROM identity.decision u USING sealed_side a, sealed_side b
WHERE a.source_record_id = u.source_record_a AND b.source_record_id = u.source_record_b AND a.is_new <> b.is_new
