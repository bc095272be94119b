-- what:  who stood in the blocks that are looked up: no more than tells whether one is too large
-- grain: block x source record
-- reads: work_block, identity.match_key (before this run)
-- key:   no, source_record_id
SELECT b.no, k.source_record_id, k.born
FROM work_block b
CROSS JOIN LATERAL (SELECT m.source_record_id, m.born FROM identity.match_key m WHERE m.key = b.key LIMIT b.at_most) k
