-- what:  pairs of records that share a block, one of them to be compared anew. A block that is too large speaks for nobody: the finer
--        ones of matching.yaml hold its likelier pairs
-- grain: pair of records
-- reads: work_compared, identity.match_key
-- key:   a, b (a < b)
CREATE TEMP TABLE work_candidate ON COMMIT DROP AS
WITH near AS (
    SELECT DISTINCT k.key FROM work_compared c JOIN identity.match_key k USING (source_record_id)
), small AS (
    SELECT n.key FROM near n
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM identity.match_key k WHERE k.key = n.key) block
    WHERE block.n <= :most_in_block
)
SELECT DISTINCT least(c.source_record_id, other.source_record_id) AS a, greatest(c.source_record_id, other.source_record_id) AS b
FROM small
JOIN identity.match_key mine USING (key)
JOIN work_compared c ON c.source_record_id = mine.source_record_id
JOIN identity.match_key other USING (key)
WHERE other.source_record_id <> c.source_record_id
