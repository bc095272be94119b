-- what:  records to compare anew: changed ones that stand, and all of a block that has become too large or is no longer so
-- grain: source record
-- reads: work_changed, work_key, work_block, core.source_record
-- key:   source_record_id
CREATE TEMP TABLE work_compared ON COMMIT DROP AS
WITH crossed AS (
    SELECT DISTINCT m.source_record_id
    FROM work_block b CROSS JOIN LATERAL unnest(b.members) AS m (source_record_id)
    WHERE (b.n_was > :most_in_block) <> (b.n_now > :most_in_block)
)
SELECT DISTINCT source_record_id, true AS is_changed FROM work_key
UNION ALL
SELECT c.source_record_id, false FROM crossed c
WHERE NOT EXISTS (SELECT FROM work_changed w WHERE w.source_record_id = c.source_record_id)
  AND EXISTS (SELECT FROM core.source_record r WHERE r.source_record_id = c.source_record_id AND r.known_to = 'infinity')
