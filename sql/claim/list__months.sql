-- what:  how each plan goes, month by month
-- grain: plan x month
-- reads: mart.programme_progress_v1, assess.plan
-- key:   plan_id, month
SELECT p.*, q.title
FROM mart.programme_progress_v1 p LEFT JOIN assess.plan q USING (plan_id)
ORDER BY p.plan_id DESC, p.month
