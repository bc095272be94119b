-- What:  the statuses of the latest run.
-- Grain: household.   Reads: assess.readiness.   Key: household_id.
SELECT household_id, status, plan_id FROM assess.readiness
