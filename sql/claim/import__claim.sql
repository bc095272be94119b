-- what:  claims of the file that are new
-- grain: claim
-- reads: incoming, claim.claim
-- key:   claim_id
INSERT INTO claim.claim (claim_id, claim_ref, plan_id, result, claimed_on, amount_pounds)
SELECT DISTINCT core.hash_id('claim|' || claim_ref), claim_ref, plan_id, result, claimed_on, amount_pounds FROM incoming
ON CONFLICT (claim_id) DO NOTHING
