-- what:  the verdicts on each problem of the judged households
-- grain: household x problem
-- reads: assess.problem_verdict
-- key:   household_id, problem
SELECT household_id, problem, present::text, present_since::text, improved::text, first_met_on, not_known_because
FROM assess.problem_verdict WHERE household_id = ANY (CAST(:households AS bigint[])) ORDER BY household_id, problem
