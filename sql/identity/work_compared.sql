-- what:  records to compare anew: changed ones that stand, and all of a block that has become too large or is no longer so
-- grain: source record
-- reads: work_changed, work_key, identity.match_key (before this run)
-- key:   source_record_id
CREATE TEMP TABLE work_compared ON COMMIT DROP AS
WITH moved AS (
    SELECT key, sum(n) AS n
    FROM (SELECT key, -1 AS n FROM identity.match_key JOIN work_changed USING (source_record_id)
          UNION ALL SELECT key, 1 FROM work_key) step
    GROUP BY key HAVING sum(n) <> 0
), crossed AS (
    SELECT m.key
    FROM moved m
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM identity.match_key k WHERE k.key = m.key) was
    WHERE (was.n > :most_in_block) <> (was.n + m.n > :most_in_block)
)
SELECT source_record_id FROM work_key
UNION
SELECT k.source_record_id FROM crossed JOIN identity.match_key k USING (key)
WHERE EXISTS (SELECT FROM core.source_record r WHERE r.source_record_id = k.source_record_id AND r.known_to = 'infinity')
