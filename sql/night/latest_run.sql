-- what:  the latest finished run for a business day, with what it went without and which mart checks are broken
-- grain: run
-- reads: assess.run
-- key:   run_id
SELECT run_id, as_at, scope, without, coalesce(counts -> 'broken', '[]') AS broken
FROM assess.run
WHERE as_at = :as_at
ORDER BY run_id DESC
LIMIT 1
