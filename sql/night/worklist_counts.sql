-- what:  the households of each status, those of them that are told of elsewhere, and the money that they would bring now
-- grain: status
-- reads: mart.claim_readiness_v1, mart.to_find_v1
-- key:   status
SELECT r.status, count(*) AS households, count(f.aside) AS aside, sum(r.value_pounds) AS value_pounds
FROM mart.claim_readiness_v1 r
LEFT JOIN mart.to_find_v1 f ON f.household_id = r.household_id
GROUP BY r.status
ORDER BY array_position(ARRAY['ready', 'blocked_by_data', 'in_progress', 'eligible', 'cannot_tell', 'not_eligible', 'claimed'], r.status)
