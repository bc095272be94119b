-- What:  the verdicts that the worked examples got.
-- Grain: household x criterion.   Reads: assess.criterion_verdict.   Key: household_id, problem, criterion.
SELECT household_id, problem, criterion, verdict::text AS verdict
FROM assess.criterion_verdict WHERE side = 'identified' AND household_id < 0
