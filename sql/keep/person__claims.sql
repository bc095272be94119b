-- what:  the claims in which a person stands, by number or by a partner's reference
-- grain: claim
-- reads: claim.claim, claim.person, core.source_record
-- key:   claim_id
SELECT DISTINCT k.claim_id, k.claim_ref, k.plan_id, k.result, k.claimed_on, k.state
FROM claim.claim k JOIN claim.person p USING (claim_id)
WHERE p.person_id = :person_id
   OR (p.partner, p.person_ref) IN (SELECT s.partner, s.person_ref FROM core.source_record s
                                    WHERE s.source_record_id = ANY (CAST(:ids AS bigint[])))
ORDER BY k.claimed_on, k.claim_id
