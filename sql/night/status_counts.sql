-- what:  households by status, now and before the given run
-- grain: status
-- reads: assess.readiness, assess.status_change
-- key:   status
WITH now AS (
    SELECT status, count(*) AS n FROM assess.readiness GROUP BY status
), moved AS (
    SELECT status, sum(n) AS n
    FROM (SELECT status_is AS status, 1 AS n FROM assess.status_change WHERE run_id = :run_id
          UNION ALL
          SELECT status_was, -1 FROM assess.status_change WHERE run_id = :run_id) m
    WHERE status IS NOT NULL
    GROUP BY status
)
SELECT coalesce(now.status, moved.status) AS status,
       (coalesce(now.n, 0) - coalesce(moved.n, 0))::bigint AS n_before,
       coalesce(now.n, 0)::bigint AS n_now
FROM now
FULL JOIN moved ON moved.status = now.status
ORDER BY 1
