-- what:  the persons whom a claim that holds names, by their partners' references
-- grain: person
-- reads: claim.claim, claim.person, claim.state, core.source_record, identity.person_link
-- key:   person_id (may be there already)
INSERT INTO work_claimed (person_id)
SELECT DISTINCT l.person_id
FROM claim.person p
JOIN claim.claim c USING (claim_id)
JOIN claim.state s ON s.state = c.state AND s.holds
JOIN core.source_record r ON r.partner = p.partner AND r.person_ref = p.person_ref AND r.known_to = 'infinity'
JOIN identity.person_link l ON l.source_record_id = r.source_record_id AND l.known_to = 'infinity'
