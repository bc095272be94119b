-- what:  people of the file's claims that are new
-- grain: claim x partner x person_ref
-- reads: incoming, claim.person
-- key:   claim_id, partner, person_ref
INSERT INTO claim.person (claim_id, partner, person_ref)
SELECT DISTINCT core.hash_id('claim|' || claim_ref), partner, person_ref FROM incoming
ON CONFLICT DO NOTHING
