-- What:  the households asked for by id.
-- Grain: household.   Reads: nothing.   Key: household_id.
INSERT INTO wanted SELECT unnest(CAST(:households AS bigint[]))
