-- What:  the verdicts that the worked examples got.
-- Grain: household x criterion.   Reads: assess.every_verdict.   Key: household_id, problem, criterion.
SELECT household_id, problem, criterion, verdict::text AS verdict
FROM assess.every_verdict WHERE side = 'identified' AND household_id < 0
