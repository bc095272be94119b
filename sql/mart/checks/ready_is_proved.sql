-- what:  a household is ready only with a result, the four principles, money, and nothing in the way
-- grain: household
-- reads: mart.claim_readiness_v1
-- key:   household_id
SELECT household_id::text
FROM mart.claim_readiness_v1
WHERE status = 'ready'
  AND (result IS NULL OR NOT (has_assessment AND has_plan AND has_lead_worker AND has_tfop) OR value_pounds <= 0
       OR attached_on IS NULL OR claimed_as IS NOT NULL)
