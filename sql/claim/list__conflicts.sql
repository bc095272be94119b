-- what:  pairs of claims for one child that still both hold it, where it is still one child
-- grain: pair x child
-- reads: claim.conflict_today, claim.claim, claim.state
-- key:   claim_ref, other_ref, person_id
SELECT a.claim_ref, a.state, b.claim_ref AS other_ref, b.state AS other_state, x.person_id, x.found_at
FROM claim.conflict_today x
JOIN claim.claim a ON a.claim_id = x.claim_a
JOIN claim.state s ON s.state = a.state AND s.holds
JOIN claim.claim b ON b.claim_id = x.claim_b
JOIN claim.state t ON t.state = b.state AND t.holds
ORDER BY x.found_at, a.claim_ref, b.claim_ref
