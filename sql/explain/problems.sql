-- what:  one household's problems, those present first
-- grain: problem
-- reads: mart.household_problem_v1
-- key:   problem
SELECT problem, present, improved, present_since, criteria_met, first_met_on, evidence_count, not_known_because
FROM mart.household_problem_v1
WHERE household_id = :household_id AND (CAST(:problem AS text) IS NULL OR problem = :problem)
ORDER BY array_position(ARRAY['met', 'not_known', 'not_met'], present::text),
         array_position(ARRAY['met', 'not_known', 'not_met'], present_since::text), problem
