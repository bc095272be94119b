-- What:  how many claims made here rest on a plan: whose window was approved, whatever became of them since.
-- Grain: one row.   Reads: claim.claim.   Key: none.
SELECT count(*) FROM claim.claim WHERE plan_id = :plan_id AND window_id IS NOT NULL AND state NOT IN ('outside', 'drafted')
