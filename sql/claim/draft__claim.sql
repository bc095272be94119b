-- what:  a claim for each candidate that nothing stands against, numbered in the order of attachment
-- grain: claim
-- reads: candidate
-- key:   claim_id
INSERT INTO claim.claim (claim_id, claim_ref, plan_id, window_id, household_id, result, claimed_on, amount_pounds)
SELECT core.hash_id('claim|' || v.claim_ref), v.claim_ref, c.plan_id, :window_id, c.household_id, c.result, :as_at, c.value_pounds
FROM (SELECT *, row_number() OVER (ORDER BY nth) AS number FROM candidate WHERE refused IS NULL) c
CROSS JOIN LATERAL (SELECT CAST(:name AS text) || '-' || lpad(c.number::text, greatest(4, length(c.number::text)), '0') AS claim_ref) v
