-- what:  no two claims that hold turned out to be for one child; a person withdraws one of them
-- grain: pair of claims
-- reads: claim.conflict_today, claim.claim, claim.state
-- key:   claim_ref, other_ref
SELECT DISTINCT concat_ws('/', a.claim_ref, b.claim_ref)
FROM claim.conflict_today x
JOIN claim.claim a ON a.claim_id = x.claim_a
JOIN claim.state s ON s.state = a.state AND s.holds
JOIN claim.claim b ON b.claim_id = x.claim_b
JOIN claim.state t ON t.state = b.state AND t.holds
