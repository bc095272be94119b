-- what:  pairs of records that share a block, one of them to be compared anew, unless their birth dates evidently differ
-- grain: pair of records
-- reads: work_member
-- key:   a, b (a < b)
CREATE TEMP TABLE work_candidate ON COMMIT DROP AS
SELECT DISTINCT least(mine.source_record_id, other.source_record_id) AS a, greatest(mine.source_record_id, other.source_record_id) AS b
FROM work_member mine
JOIN work_member other ON other.key = mine.key AND other.source_record_id <> mine.source_record_id
WHERE mine.is_anew
  AND (mine.born = 0 OR other.born = 0 OR mine.born / 10000 = other.born / 10000 OR mine.born % 10000 = other.born % 10000)
