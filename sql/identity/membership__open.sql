-- what:  open the versions of memberships that are so now
-- grain: membership x version
-- reads: work_membership
-- key:   as identity.membership
INSERT INTO identity.membership (household_id, person_id, valid, relationship, basis, confidence, resident, run_id, known_from)
SELECT household_id, person_id, valid, relationship, basis, confidence, resident, :run_id, :known_at
FROM work_membership w
WHERE NOT EXISTS (SELECT FROM identity.membership t
                  WHERE t.known_to = 'infinity'
                    AND w.household_id = t.household_id
                    AND w.person_id = t.person_id
                    AND w.valid = t.valid
                    AND w.relationship IS NOT DISTINCT FROM t.relationship
                    AND w.basis = t.basis
                    AND w.confidence = t.confidence
                    AND w.resident IS NOT DISTINCT FROM t.resident)
