-- What:  the verdicts on some households' rules, as they stand.
-- Grain: household x side x problem x criterion.   Reads: assess.every_verdict.   Key: the grain.
SELECT household_id, side, problem, criterion, verdict::text AS verdict
FROM assess.every_verdict WHERE household_id = ANY (CAST(:households AS bigint[])) AND side <> 'result'
