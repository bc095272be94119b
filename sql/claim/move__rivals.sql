-- what:  of claims that are to move, those for a child whom another claim holds, as is known today
-- grain: claim x other claim
-- reads: claim.wanted_holds, claim.child_hold, claim.claim, claim.state
-- key:   claim_ref, other_ref
SELECT DISTINCT c.claim_ref, o.claim_ref AS other_ref
FROM claim.wanted_holds(CAST(:claims AS bigint[])) w
JOIN claim.child_hold h ON h.plans = w.plans AND h.partner = w.partner AND h.person_ref = w.person_ref AND h.claim_id <> w.claim_id
JOIN claim.claim c ON c.claim_id = w.claim_id
JOIN claim.claim o ON o.claim_id = h.claim_id
WHERE EXISTS (SELECT FROM claim.state s WHERE s.state = :state AND s.holds)
ORDER BY c.claim_ref, o.claim_ref
