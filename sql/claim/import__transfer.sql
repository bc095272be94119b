-- what:  the file's claims moved to the state that it gives them
-- grain: claim
-- reads: incoming, claim.claim
-- key:   claim_id, state_is
INSERT INTO claim.transfer (claim_id, state_was, state_is, by_whom, because)
SELECT DISTINCT c.claim_id, c.state, i.state, :by, :because
FROM incoming i JOIN claim.claim c USING (claim_ref)
WHERE c.state <> i.state
