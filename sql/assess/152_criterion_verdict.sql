-- What:  the verdict on every criterion, and on each test of improvement, that found something, is in doubt or was measured. What is
--        not written is not met (a criterion) or met (an improvement); the view assess.every_verdict says so, and finds the words.
-- Grain: household x side x problem x criterion.   Reads: shown_rule, answer, measured, unknown_feed.   Key: the grain.
INSERT INTO assess.criterion_verdict (household_id, side, problem, criterion, verdict, measure, unknown_feeds, plan_id, as_at, run_id, test_no)
WITH told AS (
    SELECT rule_id, household_id, coalesce(a.rank, 0) AS rank, m.measure
    FROM (SELECT rule_id, household_id, CASE WHEN hit @> CAST(:as_at AS date) THEN 2 ELSE 1 END AS rank FROM answer
          WHERE hit @> CAST(:as_at AS date) OR doubt @> CAST(:as_at AS date) OR cov @> CAST(:as_at AS date)) a
    FULL JOIN measured m USING (rule_id, household_id)
), decided AS (
    -- of a criterion's tests, the one that decides: a hit, else a doubt, else the first
    SELECT DISTINCT ON (t.household_id, r.criterion_no) t.*, r.is_first
    FROM told t JOIN shown_rule r USING (rule_id)
    ORDER BY t.household_id, r.criterion_no, t.rank DESC, r.test_no
), unknown AS (
    SELECT household_id, rule_id, array_agg(feed ORDER BY feed) AS feeds FROM unknown_feed WHERE is_now GROUP BY household_id, rule_id
)
SELECT d.household_id, r.side, r.problem, r.criterion,
       (CASE WHEN d.rank = 1 THEN 'not_known' WHEN (d.rank = 2) = (r.side = 'identified') THEN 'met' ELSE 'not_met' END)::assess.verdict,
       d.measure, CASE WHEN d.rank = 1 THEN coalesce(u.feeds, r.told_by) ELSE '{}' END, r.plan_id, :as_at, :run_id, r.test_no
FROM decided d
JOIN shown_rule r USING (rule_id)
LEFT JOIN unknown u USING (household_id, rule_id)
WHERE d.rank > 0 OR d.is_first
