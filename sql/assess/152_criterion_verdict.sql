-- What:  the verdict on every criterion of every household, and on each test of improvement, in words.
-- Grain: household x side x problem x criterion.   Reads: hh, rule, answer, measured, unknown_feed, term_window.   Key: the grain.
INSERT INTO assess.criterion_verdict (household_id, side, problem, criterion, verdict, measure, threshold, window_start, window_end,
                                      says, unknown_feeds, plan_id, as_at, run_id, test_no)
WITH tested AS (
    SELECT h.household_id, r.rule_id, r.plan_id, r.side, r.problem, r.criterion, r.test_no, r.says, r.told_by,
           CASE WHEN a.hit @> CAST(:as_at AS date) THEN 'hit' WHEN a.doubt @> CAST(:as_at AS date) OR a.cov @> CAST(:as_at AS date) THEN 'doubt' ELSE 'clear' END AS found,
           m.measure, r.shown_threshold, r.window_start, r.window_end
    FROM hh h
    JOIN shown_rule r USING (plan_id)
    LEFT JOIN answer a ON a.rule_id = r.rule_id AND a.household_id = h.household_id
    LEFT JOIN measured m ON m.rule_id = r.rule_id AND m.household_id = h.household_id
), decided AS (
    -- of a criterion's tests, the one that decides: a hit, else a doubt, else the first
    SELECT DISTINCT ON (household_id, side, problem, criterion) *,
           (CASE found WHEN 'doubt' THEN 'not_known'
                 WHEN 'hit' THEN CASE side WHEN 'identified' THEN 'met' ELSE 'not_met' END
                 ELSE CASE side WHEN 'identified' THEN 'not_met' ELSE 'met' END END)::assess.verdict AS verdict
    FROM tested
    ORDER BY household_id, side, problem, criterion, CASE found WHEN 'hit' THEN 0 WHEN 'doubt' THEN 1 ELSE 2 END, test_no
), unknown AS (
    SELECT household_id, rule_id, array_agg(feed ORDER BY feed) AS feeds FROM unknown_feed WHERE is_now GROUP BY household_id, rule_id
)
SELECT d.household_id, d.side, d.problem, d.criterion, d.verdict, coalesce(d.measure, CASE WHEN d.verdict <> 'not_known' AND d.shown_threshold IS NOT NULL AND d.shown_threshold >= 1 THEN 0 END),
       d.shown_threshold, d.window_start, d.window_end,
       CASE d.verdict WHEN 'met' THEN 'Met: ' WHEN 'not_met' THEN 'Not met: ' ELSE 'Not known: ' END || d.says
       || coalesce(' (found ' || trim_scale(d.measure) || ')', '')
       || CASE WHEN d.verdict = 'not_known' THEN '; ' || array_to_string(coalesce(u.feeds, d.told_by), ', ') || ' could tell' ELSE '' END,
       CASE WHEN d.verdict = 'not_known' THEN coalesce(u.feeds, d.told_by) ELSE '{}' END, d.plan_id, :as_at, :run_id, d.test_no
FROM decided d
LEFT JOIN unknown u USING (household_id, rule_id)
