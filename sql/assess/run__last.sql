-- What:  the last finished run, and the identity run it had seen.
-- Grain: one run.   Reads: assess.run.   Key: run_id.
SELECT as_at, known_at, plan_hashes, code_version, coverage_signature, coalesce((counts ->> 'identity_run')::bigint, 0) AS identity_run
FROM assess.run WHERE finished_at IS NOT NULL ORDER BY run_id DESC LIMIT 1
