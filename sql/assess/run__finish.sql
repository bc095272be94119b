-- What:  how many households the run judged, by status, and up to which identity run.
-- Grain: one run.   Reads: new_readiness, identity.run.   Key: run_id.
UPDATE assess.run SET finished_at = clock_timestamp(), counts = jsonb_build_object(
    'households', (SELECT count(*) FROM new_readiness),
    'statuses', (SELECT coalesce(jsonb_object_agg(status, n), '{}') FROM (SELECT status, count(*) AS n FROM new_readiness GROUP BY status) s),
    'identity_run', (SELECT coalesce(max(run_id), 0) FROM identity.run))
WHERE run_id = :run_id RETURNING counts
