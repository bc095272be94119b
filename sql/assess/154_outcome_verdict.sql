-- What:  the verdicts on the principles and the results of attached families.
-- Grain: household x principle or result.   Reads: principle_days, principle, outcome, employment_days, plan.   Key: household_id, side, criterion.
INSERT INTO assess.criterion_verdict (household_id, side, problem, criterion, verdict, measure, threshold, window_start, window_end,
                                      says, unknown_feeds, plan_id, as_at, run_id)
SELECT d.household_id, 'principle', '', d.principle, v.verdict, cardinality(d.fact_ids), 1, d.referred_on, CAST(:as_at AS date),
       CASE v.verdict WHEN 'met' THEN 'Met: ' WHEN 'not_met' THEN 'Not met: ' ELSE 'Not known: ' END || p.says,
       CASE WHEN v.verdict = 'not_known' THEN d.unknown_feeds ELSE '{}' END, d.plan_id, :as_at, :run_id
FROM principle_days d
JOIN principle p USING (plan_id, principle)
CROSS JOIN LATERAL (SELECT (CASE WHEN d.days @> CAST(:as_at AS date) THEN 'met'
                                 WHEN cardinality(d.unknown_feeds) > 0 THEN 'not_known' ELSE 'not_met' END)::assess.verdict AS verdict) v
UNION ALL
SELECT o.household_id, 'principle', '', 'dependent_child', o.child::assess.verdict, NULL, NULL, h.attached_on, h.attached_on,
       CASE o.child WHEN 'met' THEN 'Met: ' WHEN 'not_met' THEN 'Not met: ' ELSE 'Not known: ' END || 'a dependent child in the family at attachment',
       '{}', o.plan_id, :as_at, :run_id
FROM outcome o JOIN hh h USING (household_id)
UNION ALL
SELECT o.household_id, 'result', '', 'sustained', o.sustained::assess.verdict, NULL, NULL, h.attached_on, CAST(:as_at AS date),
       CASE o.sustained WHEN 'met' THEN 'Met: ' WHEN 'not_met' THEN 'Not met: ' ELSE 'Not known: ' END
       || 'every problem present since attachment has improved, and has stayed so', '{}', o.plan_id, :as_at, :run_id
FROM outcome o JOIN hh h USING (household_id)
UNION ALL
SELECT o.household_id, 'result', '', 'employment', o.employed_result::assess.verdict, e.weeks, e.need, CAST(:as_at AS date) - 7 * coalesce(e.of_last, 0)::int + 1, CAST(:as_at AS date),
       CASE o.employed_result WHEN 'met' THEN 'Met: ' WHEN 'not_met' THEN 'Not met: ' ELSE 'Not known: ' END || q.says
       || coalesce(' (in work for ' || e.weeks::int || ' of the last ' || e.of_last || ' weeks; ' || e.need || ' needed)', ''), e.unknown_feeds, o.plan_id, :as_at, :run_id
FROM outcome o JOIN employment_days e USING (household_id) JOIN employment q ON q.plan_id = o.plan_id
