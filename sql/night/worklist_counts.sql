-- what:  the households of each status, and the money that they would bring now
-- grain: status
-- reads: mart.claim_readiness_v1
-- key:   status
SELECT status, count(*) AS households, sum(value_pounds) AS value_pounds
FROM mart.claim_readiness_v1
GROUP BY status
ORDER BY array_position(ARRAY['ready', 'blocked_by_data', 'in_progress', 'eligible', 'cannot_tell', 'not_eligible', 'claimed'], status)
