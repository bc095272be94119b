-- what:  no household's word is newer than the latest run, and none is due again by its day
-- grain: household
-- reads: assess.readiness, assess.due, assess.run
-- key:   household_id
SELECT r.household_id::text
FROM assess.readiness r
JOIN (SELECT run_id, as_at FROM assess.run ORDER BY run_id DESC LIMIT 1) n ON true
LEFT JOIN assess.due d ON d.household_id = r.household_id
WHERE r.run_id > n.run_id OR (r.run_id < n.run_id AND d.due_on <= n.as_at)
