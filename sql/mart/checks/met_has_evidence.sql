-- what:  every criterion that identifies a problem has at least one fact behind it
-- grain: household x criterion
-- reads: mart.household_criterion_v1, mart.criterion_evidence_v1
-- key:   household_id, problem, criterion
SELECT concat_ws('/', c.household_id, c.problem, c.criterion)
FROM mart.household_criterion_v1 c
WHERE c.verdict = 'met' AND (CAST(:households AS bigint[]) IS NULL OR c.household_id = ANY (CAST(:households AS bigint[])))
  AND NOT EXISTS (SELECT 1 FROM assess.evidence e
                  WHERE e.household_id = c.household_id AND e.side = c.side AND e.problem = c.problem AND e.criterion = c.criterion)
