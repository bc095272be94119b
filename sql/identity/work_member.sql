-- what:  who stands in the blocks that changed records enter, leave or are compared in, as they are now; without blocks that are too large:
--        the finer ones of matching.yaml hold their likelier pairs
-- grain: block x source record
-- reads: work_block, work_compared, work_changed, work_key
-- key:   key, source_record_id. is_anew = to be compared with all others of the block
CREATE TEMP TABLE work_member ON COMMIT DROP AS
SELECT b.key, k.source_record_id, k.born, true AS is_anew
FROM work_block b JOIN work_key k USING (key)
WHERE b.n_now BETWEEN 2 AND :most_in_block
UNION ALL
SELECT b.key, m.source_record_id, m.born, m.source_record_id IN (SELECT source_record_id FROM work_compared WHERE NOT is_changed)
FROM work_block b
CROSS JOIN LATERAL unnest(b.members, b.births) AS m (source_record_id, born)
WHERE b.n_now BETWEEN 2 AND :most_in_block AND m.source_record_id NOT IN (SELECT source_record_id FROM work_changed)
