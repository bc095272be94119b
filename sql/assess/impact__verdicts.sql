-- What:  the verdicts on some households' rules, as they stand.
-- Grain: household x side x problem x criterion.   Reads: assess.criterion_verdict.   Key: the grain.
SELECT household_id, side, problem, criterion, verdict::text AS verdict
FROM assess.criterion_verdict WHERE household_id = ANY (CAST(:households AS bigint[])) AND side <> 'result'
