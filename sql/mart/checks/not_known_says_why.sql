-- what:  a problem that is not known says what would have to be known
-- grain: household x problem
-- reads: mart.household_problem_v1
-- key:   household_id, problem
SELECT concat_ws('/', household_id, problem)
FROM mart.household_problem_v1
WHERE present = 'not_known' AND coalesce(not_known_because, '') = ''
