-- what:  households of a view of near misses, missed claims or claims at risk that stand for that view
-- grain: household
-- reads: mart.claim_readiness_v1
-- key:   none
SELECT to_regclass('mart.' || CAST(:view AS text)) IS NOT NULL
