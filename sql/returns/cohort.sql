-- what:  the cohorts as the view gives them, totals first
-- grain: problem set x area x month
-- reads: mart.cohort_v1
-- key:   problem_set, area, month
SELECT c.*, CASE WHEN month = date '0001-01-01' THEN 'all' ELSE month::text END AS month_or_all
FROM mart.cohort_v1 c
ORDER BY month, area <> 'all', area, problem_set <> 'all', problem_set
