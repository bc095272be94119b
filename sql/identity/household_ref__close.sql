-- what:  close the versions of households' references that are no longer so
-- grain: household_ref x version
-- reads: work_household_ref, work_target
-- key:   as identity.household_ref
UPDATE identity.household_ref t SET known_to = :known_at
WHERE t.known_to = 'infinity' AND t.household_id IN (SELECT household_id FROM work_target)
  AND NOT EXISTS (SELECT FROM work_household_ref w
                  WHERE w.household_id = t.household_id
                    AND w.partner = t.partner
                    AND w.family_ref = t.family_ref)
