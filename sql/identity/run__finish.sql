-- what:  close a run with its counts
-- grain: run
-- reads: -
-- key:   run_id
UPDATE identity.run SET finished_at = clock_timestamp(), counts = cast(:counts AS jsonb) WHERE run_id = :run_id
