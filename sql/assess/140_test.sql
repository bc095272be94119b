-- What:  for each attached family, every test of a claim that is not met, in the order in which a person should take them up.
-- Grain: household x test.   Reads: problem_now, outcome, principle_days, hh, rule, answer, unknown_feed, plan texts.   Key: household_id, ord, name.
CREATE TEMP TABLE failing ON COMMIT DROP AS
WITH teller AS MATERIALIZED (
    -- who would tell of each problem that is not known, gathered once and not looked for test by test: whether it was present, whether
    -- it has improved, or which of the two ways to improve is its own, where nominations made it present and other tests may have
    SELECT u.household_id, u.problem, u.side = 'identified' AND n.present_since = 'not_known' AS is_of_presence, u.feed
    FROM unknown_feed u JOIN rule r USING (rule_id) JOIN problem_now n ON n.household_id = u.household_id AND n.problem = u.problem
    WHERE u.side = 'identified' AND n.present_since = 'not_known' OR u.side = 'improved' AND n.improved = 'not_known'
       OR u.side = 'identified' AND NOT r.is_nominated AND n.only_nominated = 'not_known' AND n.improved = 'not_known'
), of_family AS (
    SELECT household_id, array_agg(DISTINCT feed) AS feeds FROM teller WHERE is_of_presence GROUP BY household_id
), of_problem AS (
    SELECT household_id, problem, array_agg(DISTINCT feed ORDER BY feed) AS feeds FROM teller GROUP BY household_id, problem
)
SELECT d.household_id, 10 AS ord, p.principle AS name,
       CASE WHEN cardinality(d.unknown_feeds) > 0 THEN 'not_known' ELSE 'not_met' END AS verdict,
       'missing: ' || p.says AS why, p.asks AS what_next, d.days,
       d.unknown_feeds AS feeds
FROM principle_days d JOIN principle p USING (plan_id, principle)
WHERE p.in_result AND NOT d.days @> CAST(:as_at AS date)
UNION ALL
SELECT o.household_id, 12, 'dependent_child', o.child,
       CASE o.child WHEN 'not_met' THEN 'no dependent child was in the family at attachment'
            ELSE 'whether a dependent child was in the family at attachment is not known, for want of a date of birth' END,
       CASE o.child WHEN 'not_met' THEN 'check the family''s members and their dates of birth' ELSE 'find the members'' dates of birth' END, '{}', '{}'
FROM outcome o WHERE o.child <> 'met'
UNION ALL
SELECT o.household_id, 20, 'enough_problems', o.enough,
       'fewer than ' || p.needs || ' ' || p.counts || ' have been present since attachment' || CASE o.enough WHEN 'not_known' THEN ' as far as is known' ELSE '' END,
       'check that the family''s problems are in the partners'' data', o.eligible,
       coalesce(t.feeds, '{}')
FROM outcome o JOIN plan p USING (plan_id) LEFT JOIN of_family t USING (household_id) WHERE o.enough <> 'met'
UNION ALL
SELECT n.household_id, 30, n.problem,
       CASE WHEN n.present_since = 'met' AND n.improved = 'not_met' THEN 'not_met' ELSE 'not_known' END,
       q.says || ': ' || CASE WHEN n.present_since = 'met' AND n.improved = 'not_met'
            THEN CASE WHEN n.only_nominated = 'met' THEN 'the nomination has not ended, nor a goal been met, for long enough' ELSE 'not yet so: ' || q.improved_says END
            WHEN n.present_since = 'not_known' THEN 'whether it has been present since attachment is not known'
            ELSE 'whether it has improved is not known' END,
       CASE WHEN NOT (n.present_since = 'met' AND n.improved = 'not_met')
                THEN CASE WHEN t.feeds IS NULL THEN 'find the missing dates of birth' ELSE 'get the missing data' END
            WHEN f.days && daterange(CAST(:as_at AS date) + 1, h.hi, '[]') THEN 'keep it so until the last one is old enough'
            WHEN n.only_nominated = 'met' THEN 'end the nomination, or record that its goal was met'
            ELSE 'bring what is still open to a good end, and have it recorded' END,
       f.days, coalesce(t.feeds, '{}')
FROM problem_now n
JOIN plan_problem q USING (plan_id, problem)
JOIN fine_problem f USING (household_id, problem)
JOIN outcome o USING (household_id)
JOIN hh h USING (household_id)
LEFT JOIN of_problem t USING (household_id, problem)
WHERE q.in_result AND n.present_since <> 'not_met' AND n.improved <> 'met' AND o.employed_result <> 'met'
UNION ALL
SELECT o.household_id, 40, 'employment', 'not_known', 'whether an adult has been in work for long enough is not known', 'get the missing data', o.employed_days, e.unknown_feeds
FROM outcome o JOIN employment_days e USING (household_id)
WHERE o.employment = 'not_known' AND o.sustained <> 'met'
