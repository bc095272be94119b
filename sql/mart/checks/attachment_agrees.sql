-- what:  the attachment that a run judged by is the last one on or before its day
-- grain: household
-- reads: mart.claim_readiness_v1, mart.household_v1
-- key:   household_id
SELECT r.household_id::text
FROM mart.claim_readiness_v1 r
JOIN mart.household_v1 h ON h.household_id = r.household_id AND h.as_at = r.as_at
WHERE r.attached_on IS DISTINCT FROM h.attached_on
