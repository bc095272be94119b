-- what:  an earliest day stands beside in progress only, and lies after the day judged
-- grain: household
-- reads: mart.claim_readiness_v1
-- key:   household_id
SELECT household_id::text
FROM mart.claim_readiness_v1
WHERE earliest_on IS NOT NULL AND (status <> 'in_progress' OR earliest_on <= as_at)
