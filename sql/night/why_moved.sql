-- what:  how many households a run moved, and why
-- grain: reason
-- reads: assess.status_change
-- key:   because
SELECT because, count(*) AS n FROM assess.status_change WHERE run_id = :run_id GROUP BY because ORDER BY because
