-- what:  the cohorts as the view gives them, totals first
-- grain: problem set x area x month
-- reads: mart.cohort_v1
-- key:   problem_set, area, month
SELECT *
FROM mart.cohort_v1
ORDER BY month, area <> 'all', area, problem_set <> 'all', problem_set
