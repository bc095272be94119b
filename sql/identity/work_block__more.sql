-- what:  the other blocks of unchanged records that are compared anew
-- grain: block
-- reads: work_compared, work_block, identity.match_key (before this run)
-- key:   key
INSERT INTO work_block (key, n_was, n_now, members, births)
WITH other AS (
    SELECT DISTINCT k.key
    FROM work_compared c
    CROSS JOIN LATERAL (SELECT own.key FROM identity.match_key own WHERE own.source_record_id = c.source_record_id OFFSET 0) k
    WHERE NOT c.is_changed AND NOT EXISTS (SELECT FROM work_block b WHERE b.key = k.key)
)
SELECT o.key, was.n, was.n, was.members, was.births
FROM other o
CROSS JOIN LATERAL (
    SELECT count(*)::int AS n, array_agg(source_record_id) AS members, array_agg(born) AS births
    FROM (SELECT k.source_record_id, k.born FROM identity.match_key k WHERE k.key = o.key LIMIT :most_in_block + 1) held
) was
