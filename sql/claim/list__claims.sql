-- what:  claims, of a window or a state where one is named, the latest first
-- grain: claim
-- reads: mart.claim_v1
-- key:   claim_id
SELECT claim_ref, window_name, state, plan_id, result, amount_pounds, claimed_on, household_id, approved_by, evidence_sha256,
       still_stands, changed_since, conflicts_with
FROM mart.claim_v1
WHERE (CAST(:window_name AS text) IS NULL OR window_name = :window_name) AND (CAST(:state AS text) IS NULL OR state = :state)
ORDER BY claimed_on DESC, claim_ref
