-- what:  the blocks in which the records of a list stood until now
-- grain: block x source record
-- reads: work_listed, identity.match_key (before this run)
-- key:   key, source_record_id
SELECT k.key, l.source_record_id, k.born
FROM work_listed l
CROSS JOIN LATERAL (SELECT m.key, m.born FROM identity.match_key m WHERE m.source_record_id = l.source_record_id OFFSET 0) k
