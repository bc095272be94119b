-- what:  the claims of a window, to be sent
-- grain: claim
-- reads: claim.claim, claim.pack, claim.family
-- key:   claim_ref
SELECT c.claim_ref, c.plan_id,
       (SELECT string_agg(f.partner || ':' || f.family_ref, ' ' ORDER BY f.partner, f.family_ref) FROM claim.family f
        WHERE f.claim_id = c.claim_id) AS family_refs,
       c.result, c.claimed_on, c.amount_pounds, c.state, p.evidence_sha256
FROM claim.claim c JOIN claim.window w USING (window_id) LEFT JOIN claim.pack p USING (claim_id)
WHERE w.name = :named AND c.state <> 'withdrawn' ORDER BY c.claim_ref
