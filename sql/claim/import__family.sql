-- what:  families of the file's claims that are new
-- grain: claim x partner x family_ref
-- reads: incoming, claim.family
-- key:   claim_id, partner, family_ref
INSERT INTO claim.family (claim_id, partner, family_ref)
SELECT DISTINCT core.hash_id('claim|' || claim_ref), partner, family_ref FROM incoming WHERE family_ref <> ''
ON CONFLICT DO NOTHING
