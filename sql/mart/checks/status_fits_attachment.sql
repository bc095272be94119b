-- what:  in progress, blocked by data and ready are for attached families; the three kinds of eligible for the others
-- grain: household
-- reads: mart.claim_readiness_v1
-- key:   household_id
SELECT household_id::text
FROM mart.claim_readiness_v1
WHERE (status IN ('in_progress', 'blocked_by_data', 'ready') AND attached_on IS NULL)
   OR (status IN ('not_eligible', 'cannot_tell', 'eligible') AND attached_on IS NOT NULL)
