-- what:  every household that is not ready or claimed says why not, and every attached one says what next
-- grain: household
-- reads: mart.claim_readiness_v1
-- key:   household_id
SELECT household_id::text
FROM mart.claim_readiness_v1
WHERE (status IN ('in_progress', 'blocked_by_data', 'cannot_tell', 'not_eligible') AND coalesce(why_not, '') = '')
   OR (status IN ('in_progress', 'blocked_by_data') AND coalesce(what_next, '') = '')
