-- what:  the seal that stands between two records
-- grain: seal
-- reads: sealed.member
-- key:   seal_id
SELECT a.seal_id FROM sealed.member a JOIN sealed.member b USING (seal_id)
WHERE a.source_record_id = :former AND b.source_record_id = :new AND a.is_former AND b.is_new
