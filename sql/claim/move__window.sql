-- what:  every claim of a window that is in one state, moved to another
-- grain: claim
-- reads: claim.claim
-- key:   claim_id, state_is
INSERT INTO claim.transfer (claim_id, state_was, state_is, by_whom, because)
SELECT claim_id, state, :state, :by, :because FROM claim.claim WHERE window_id = :window_id AND state = :state_was ORDER BY claim_id
