-- what:  close the versions of memberships that are no longer so
-- grain: membership x version
-- reads: work_membership, work_target
-- key:   as identity.membership
UPDATE identity.membership t SET known_to = :known_at
WHERE t.known_to = 'infinity' AND t.household_id IN (SELECT household_id FROM work_target)
  AND NOT EXISTS (SELECT FROM work_membership w
                  WHERE w.household_id = t.household_id
                    AND w.person_id = t.person_id
                    AND w.valid = t.valid
                    AND w.relationship IS NOT DISTINCT FROM t.relationship
                    AND w.basis = t.basis
                    AND w.confidence = t.confidence
                    AND w.resident IS NOT DISTINCT FROM t.resident)
