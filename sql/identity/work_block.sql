-- what:  the blocks that changed records leave or enter: how many records each held and will hold (no more is counted than tells whether
--        it is too large), and who was in it. Each block is looked up once; filled up by work_block__more
-- grain: block
-- reads: work_changed, work_key, identity.match_key (before this run)
-- key:   key. members, births = as before this run
CREATE TEMP TABLE work_block ON COMMIT DROP AS
WITH moved AS (
    SELECT key, sum(n)::int AS n, count(*)::int AS steps
    FROM (SELECT k.key, -1 AS n
          FROM work_changed c
          CROSS JOIN LATERAL (SELECT old.key FROM identity.match_key old WHERE old.source_record_id = c.source_record_id OFFSET 0) k
          UNION ALL
          SELECT key, 1 FROM work_key) step
    GROUP BY key
)
SELECT m.key, was.n AS n_was, was.n + m.n AS n_now, was.members, was.births
FROM moved m
CROSS JOIN LATERAL (
    SELECT count(*)::int AS n, array_agg(source_record_id) AS members, array_agg(born) AS births
    FROM (SELECT k.source_record_id, k.born FROM identity.match_key k WHERE k.key = m.key LIMIT :most_in_block + 1 + m.steps) held
) was
