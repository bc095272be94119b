-- what:  the sampled claims of a window with the auditor's last word on each
-- grain: claim
-- reads: claim.sampled, claim.claim, claim.verdict
-- key:   claim_id
SELECT c.claim_id, c.claim_ref, c.household_id, c.state, s.stratum, v.is_valid, v.by_whom AS audited_by, v.because
FROM claim.sampled s
JOIN claim.claim c USING (claim_id)
LEFT JOIN LATERAL (SELECT * FROM claim.verdict v WHERE v.window_id = s.window_id AND v.claim_id = s.claim_id
                   ORDER BY v.verdict_id DESC LIMIT 1) v ON true
WHERE s.window_id = :window_id ORDER BY c.claim_ref
