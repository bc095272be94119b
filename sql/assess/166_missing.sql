-- What:  every test of a claim that is not met, whose it is to mend, and the first later day on which it would hold by itself.
-- Grain: attached household x test.   Reads: failing, hh.   Key: household_id, ord, test.
INSERT INTO assess.missing (household_id, ord, test, verdict, says, what_next, whose, feeds, fine_on, plan_id, as_at, run_id)
SELECT f.household_id, f.ord, f.name, f.verdict::assess.verdict, f.why, f.what_next,
       CASE WHEN f.verdict = 'not_known' THEN 'data' WHEN f.ord < 30 THEN 'practice' WHEN l.fine_on IS NULL THEN 'family' ELSE 'time' END,
       coalesce(f.feeds, '{}'), l.fine_on, h.plan_id, CAST(:as_at AS date), CAST(:run_id AS bigint)
FROM failing f
JOIN hh h USING (household_id)
CROSS JOIN LATERAL (SELECT nullif(lower(f.days * datemultirange(daterange(CAST(:as_at AS date) + 1, h.hi, '[]'))), '-infinity') AS fine_on) l
