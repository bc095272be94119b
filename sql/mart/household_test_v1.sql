-- what:  the tests of a result: improvement of each problem, the principles, and the ways to a result
-- grain: household x side x test
-- reads: assess.every_verdict
-- key:   household_id, side, problem, criterion
-- columns:
--   household_id: the household
--   side: improved, principle or result
--   problem: the plan's code of the problem; blank for principles and results
--   criterion: the plan's code of the test
--   verdict: met, not_met or not_known
--   measure: the count, sum or ratio that the rule compared, of the person who decided it
--   threshold: what the measure was compared with
--   window_start: the first day that counts
--   window_end: the last day that counts
--   says: the verdict in a sentence
--   run_id: the run that judged
--   plan_id: the plan that judged
--   as_at: the day judged
--   unknown_feeds: the feeds that could have told and did not cover the window
CREATE OR REPLACE VIEW mart.household_test_v1 AS
SELECT household_id,
       side,
       problem,
       criterion,
       verdict,
       measure,
       threshold,
       window_start,
       window_end,
       says,
       run_id,
       plan_id,
       as_at,
       unknown_feeds
FROM assess.every_verdict
WHERE side <> 'identified'
