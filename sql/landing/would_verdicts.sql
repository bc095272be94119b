-- what:  the status and the flags of some households as they stand in this transaction
-- grain: household and what: '' for the status, else a problem
-- reads: assess.readiness, assess.problem_verdict
-- key:   household_id, what
SELECT household_id, '' AS what, status AS says
FROM assess.readiness
WHERE household_id = ANY(CAST(:households AS bigint[]))
UNION ALL
SELECT household_id, problem, present::text
FROM assess.problem_verdict
WHERE household_id = ANY(CAST(:households AS bigint[]))
