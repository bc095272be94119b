-- what:  open the versions of households that are so now
-- grain: household x version
-- reads: work_household
-- key:   as identity.household
INSERT INTO identity.household (household_id, basis, formed_on, ended_on, run_id, known_from)
SELECT household_id, basis, formed_on, ended_on, :run_id, :known_at
FROM work_household w
WHERE NOT EXISTS (SELECT FROM identity.household t
                  WHERE t.known_to = 'infinity'
                    AND w.household_id = t.household_id
                    AND w.basis = t.basis
                    AND w.formed_on IS NOT DISTINCT FROM t.formed_on
                    AND w.ended_on IS NOT DISTINCT FROM t.ended_on)
