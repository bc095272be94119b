-- what:  the frozen packs of a window, or of one claim
-- grain: claim
-- reads: claim.pack, claim.claim, claim.window
-- key:   claim_id
SELECT c.claim_id, c.claim_ref, c.household_id, c.state, c.result, c.amount_pounds, w.name AS window_name, p.as_at, p.known_at, p.plan_hash,
       c.plan_id, p.document, p.evidence_sha256, p.frozen_at
FROM claim.pack p JOIN claim.claim c USING (claim_id) LEFT JOIN claim.window w USING (window_id)
WHERE w.name = :named OR c.claim_ref = :named ORDER BY c.claim_ref
