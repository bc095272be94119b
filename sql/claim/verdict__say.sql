-- what:  the auditor's word on a sampled claim
-- grain: verdict
-- reads: nothing
-- key:   verdict_id
INSERT INTO claim.verdict (window_id, claim_id, is_valid, by_whom, because) VALUES (:window_id, :claim_id, :is_valid, :by, :because)
