-- what:  the families of the window's claims, by every reference that they answer to
-- grain: claim x partner x family_ref
-- reads: claim.claim, identity.household_ref
-- key:   claim_id, partner, family_ref
INSERT INTO claim.family (claim_id, partner, family_ref)
SELECT c.claim_id, r.partner, r.family_ref
FROM claim.claim c JOIN identity.household_ref r ON r.household_id = c.household_id AND r.known_to = 'infinity'
WHERE c.window_id = :window_id
