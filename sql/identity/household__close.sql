-- what:  close the versions of households that are no longer so
-- grain: household x version
-- reads: work_household, work_target
-- key:   as identity.household
UPDATE identity.household t SET known_to = :known_at
WHERE t.known_to = 'infinity' AND t.household_id IN (SELECT household_id FROM work_target)
  AND NOT EXISTS (SELECT FROM work_household w
                  WHERE w.household_id = t.household_id
                    AND w.basis = t.basis
                    AND w.formed_on IS NOT DISTINCT FROM t.formed_on
                    AND w.ended_on IS NOT DISTINCT FROM t.ended_on)
