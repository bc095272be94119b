-- what:  a claim by its reference, with the states that it may go to; another act on it waits until this one is done
-- grain: claim
-- reads: claim.claim, claim.step
-- key:   claim_id
SELECT c.*, (SELECT coalesce(array_agg(state_is ORDER BY state_is), '{}') FROM claim.step s WHERE s.state_was = c.state AND claim.may_become(c, s.state_is)) AS may_become
FROM claim.claim c WHERE c.claim_ref = :claim_ref FOR UPDATE OF c
