-- what:  the last forecast, taken away before the next is made
-- grain: plan x month
-- reads: claim.forecast
-- key:   plan_id, month
DELETE FROM claim.forecast
