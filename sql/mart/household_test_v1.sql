-- what:  the tests of a result: improvement of each problem, the principles, and the ways to a result
-- grain: household x side x test
-- reads: assess.latest, assess.criterion_verdict, assess.rule_window
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
       coalesce(w.window_start, v.window_start) AS window_start,
       coalesce(w.window_end, CASE v.criterion WHEN 'dependent_child' THEN v.window_end ELSE l.as_at END) AS window_end,
       says,
       l.run_id,
       plan_id,
       l.as_at,
       unknown_feeds
FROM assess.criterion_verdict v
CROSS JOIN assess.latest l
LEFT JOIN assess.rule_window w USING (plan_id, side, problem, criterion, test_no)
WHERE side <> 'identified'
