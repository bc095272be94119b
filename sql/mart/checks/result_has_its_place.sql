-- what:  a result stands beside attached or claimed households only, and a claim beside claimed ones only
-- grain: household
-- reads: mart.claim_readiness_v1
-- key:   household_id
SELECT household_id::text
FROM mart.claim_readiness_v1
WHERE (result IS NOT NULL AND status NOT IN ('ready', 'claimed', 'in_progress', 'blocked_by_data'))
   OR (claimed_as IS NOT NULL AND status <> 'claimed')
