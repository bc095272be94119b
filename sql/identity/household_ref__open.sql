-- what:  open the versions of households' references that are so now
-- grain: household_ref x version
-- reads: work_household_ref
-- key:   as identity.household_ref
INSERT INTO identity.household_ref (household_id, partner, family_ref, run_id, known_from)
SELECT household_id, partner, family_ref, :run_id, :known_at
FROM work_household_ref w
WHERE NOT EXISTS (SELECT FROM identity.household_ref t
                  WHERE t.known_to = 'infinity'
                    AND w.household_id = t.household_id
                    AND w.partner = t.partner
                    AND w.family_ref = t.family_ref)
