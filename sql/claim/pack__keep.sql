-- what:  a claim's frozen evidence
-- grain: claim
-- reads: nothing
-- key:   claim_id
INSERT INTO claim.pack (claim_id, as_at, known_at, plan_hash, document, evidence_sha256)
VALUES (:claim_id, :as_at, :known_at, :plan_hash, CAST(:document AS jsonb), :sha256)
