-- what:  the people of the window's claims: members on the day, under every reference that a partner has for them
-- grain: claim x partner x person_ref
-- reads: claim.claim, identity.membership, identity.person_link, core.source_record
-- key:   claim_id, partner, person_ref
INSERT INTO claim.person (claim_id, partner, person_ref, person_id)
SELECT DISTINCT ON (c.claim_id, s.partner, s.person_ref) c.claim_id, s.partner, s.person_ref, l.person_id
FROM claim.claim c
JOIN identity.membership m ON m.household_id = c.household_id AND m.known_to = 'infinity' AND m.valid @> c.claimed_on
JOIN identity.person_link l ON l.person_id = m.person_id AND l.known_to = 'infinity'
JOIN core.source_record s ON s.source_record_id = l.source_record_id AND s.known_to = 'infinity'
WHERE c.window_id = :window_id
ORDER BY c.claim_id, s.partner, s.person_ref, l.person_id
