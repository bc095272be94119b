-- what:  how plans stand in their latest month that has been judged or claimed in
-- grain: plan
-- reads: mart.programme_progress_v1
-- key:   plan_id
SELECT DISTINCT ON (plan_id) * FROM mart.programme_progress_v1 WHERE NOT is_ahead ORDER BY plan_id, month DESC
