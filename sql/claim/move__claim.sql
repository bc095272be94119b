-- what:  one claim moved to another state
-- grain: claim
-- reads: claim.claim
-- key:   claim_id, state_is
INSERT INTO claim.transfer (claim_id, state_was, state_is, by_whom, because)
SELECT claim_id, state, :state, :by, :because FROM claim.claim WHERE claim_id = :claim_id
