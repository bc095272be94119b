-- what:  a new window, as at the day of the latest run
-- grain: window
-- reads: assess.run
-- key:   window_id
INSERT INTO claim.window (name, plan_id, as_at, run_id, drafted_by)
SELECT :name, :plan_id, r.as_at, r.run_id, :by
FROM assess.run r WHERE r.finished_at IS NOT NULL ORDER BY r.run_id DESC LIMIT 1
RETURNING window_id, as_at, run_id
