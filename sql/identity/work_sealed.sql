-- what:  pairs of records that must never be one person: a former identity's and the new one's. A record that bears marks of both is a
--        bridge between them, and stands apart from either
-- grain: pair of records
-- reads: sealed.member
-- key:   a, b (a < b)
CREATE TEMP TABLE work_sealed ON COMMIT DROP AS
SELECT DISTINCT a.source_record_id AS a, b.source_record_id AS b
FROM sealed.member a JOIN sealed.member b USING (seal_id)
WHERE a.source_record_id < b.source_record_id AND (a.is_former AND b.is_new OR a.is_new AND b.is_former)
