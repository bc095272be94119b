-- Only verdicts that say something are stored: found, in doubt, or measured. The rest is what the plan says of a test that found
-- nothing; the plan's words as judged stand in rule_window, once per test and not once per household.
ALTER TABLE assess.criterion_verdict ALTER COLUMN says DROP NOT NULL;
ALTER TABLE assess.rule_window ADD COLUMN threshold numeric;
ALTER TABLE assess.rule_window ADD COLUMN says text;
ALTER TABLE assess.rule_window ADD COLUMN is_first boolean NOT NULL DEFAULT false;   -- of its criterion's tests: speaks when none found anything

-- The verdict on every criterion of every judged household, stored or not, as at the latest run's day.
CREATE VIEW assess.every_verdict AS
SELECT v.household_id, v.side, v.problem, v.criterion, v.verdict,
       coalesce(v.measure, CASE WHEN v.verdict <> 'not_known' AND w.threshold >= 1 THEN 0 END) AS measure,
       coalesce(v.threshold, w.threshold) AS threshold, coalesce(w.window_start, v.window_start) AS window_start,
       coalesce(w.window_end, CASE v.criterion WHEN 'dependent_child' THEN v.window_end ELSE l.as_at END) AS window_end,
       coalesce(v.says, CASE v.verdict WHEN 'met' THEN 'Met: ' WHEN 'not_met' THEN 'Not met: ' ELSE 'Not known: ' END || w.says
                        || coalesce(' (found ' || trim_scale(v.measure) || ')', '')
                        || CASE WHEN v.verdict = 'not_known' THEN '; ' || array_to_string(v.unknown_feeds, ', ') || ' could tell' ELSE '' END) AS says,
       l.run_id, v.plan_id, l.as_at, v.unknown_feeds, v.test_no
FROM assess.criterion_verdict v
CROSS JOIN assess.latest l
LEFT JOIN assess.rule_window w USING (plan_id, side, problem, criterion, test_no)
UNION ALL
SELECT r.household_id, w.side, w.problem, w.criterion, d.verdict, CASE WHEN w.threshold >= 1 THEN 0 END, w.threshold,
       w.window_start, coalesce(w.window_end, l.as_at), CASE d.verdict WHEN 'met' THEN 'Met: ' ELSE 'Not met: ' END || w.says,
       l.run_id, r.plan_id, l.as_at, '{}', w.test_no
FROM assess.readiness r
CROSS JOIN assess.latest l
JOIN assess.rule_window w ON w.plan_id = r.plan_id AND w.is_first
CROSS JOIN LATERAL (SELECT (CASE w.side WHEN 'identified' THEN 'not_met' ELSE 'met' END)::assess.verdict AS verdict) d
WHERE NOT EXISTS (SELECT FROM assess.criterion_verdict v
                  WHERE v.household_id = r.household_id AND v.side = w.side AND v.problem = w.problem AND v.criterion = w.criterion);
