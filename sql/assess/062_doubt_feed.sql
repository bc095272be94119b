-- What:  other tests where nothing was found: not known on the days that a feed left uncovered, for households in which
--        somebody could have met it (of the age, a member in the window, with a dependent child where the rule asks for one).
--        A test of how each spell stands looks at every day since attachment: its feed must have spoken for them all.
-- Grain: rule x household.   Reads: uncovered, rule, hh, member, child_days, feed_run.   Key: rule_id, household_id.
INSERT INTO test_doubt (rule_id, household_id, doubt, cov, feeds)
WITH gap AS (
    SELECT r.*, u.days FROM rule r JOIN uncovered u USING (rule_id)
    WHERE r.ask NOT IN ('rate', 'latest') AND NOT (r.every AND r.window_unit LIKE 'terms%')
), able AS (
    SELECT g.rule_id, m.household_id,
           range_agg(CASE WHEN isempty(a.days) THEN 'empty'
                          WHEN g.window_n IS NULL OR upper(a.days) IS NULL THEN a.days
                          ELSE daterange(lower(a.days), assess.leaves(assess.last_day(a.days), g.window_n, g.window_unit)) END) AS days
    FROM gap g
    JOIN member m ON m.plan_id = g.plan_id
    CROSS JOIN LATERAL (SELECT m.valid * CASE WHEN g.who = 'any' OR NOT m.is_dated THEN '(,)'::daterange WHEN g.who = 'child' THEN m.child ELSE m.adult END AS days) a
    WHERE g.who <> 'family'
    GROUP BY g.rule_id, m.household_id
)
SELECT g.rule_id, h.household_id, CAST('{}' AS datemultirange),
       g.days * datemultirange(h.span) * CASE WHEN g.who = 'family' THEN '{(,)}' ELSE coalesce(a.days, '{}') END
       * CASE WHEN g.with_child THEN coalesce(c.sure + c.possible_beside, '{}') ELSE '{(,)}' END, CAST('{}' AS text[])
FROM gap g
JOIN hh h ON h.plan_id = g.plan_id
LEFT JOIN able a ON a.rule_id = g.rule_id AND a.household_id = h.household_id
LEFT JOIN child_days c ON c.household_id = h.household_id
WHERE g.days && h.span
UNION ALL
SELECT r.rule_id, h.household_id, '{}', datemultirange(h.span * assess.days(NULL, :as_at)), t.silent
FROM rule r
JOIN hh h ON h.plan_id = r.plan_id AND h.attached_on IS NOT NULL
CROSS JOIN LATERAL (
    SELECT array_agg(x.feed) AS silent FROM unnest(r.told_by) x(feed)
    WHERE NOT EXISTS (SELECT FROM feed_run f WHERE f.feed = x.feed AND f.last_on >= CAST(:as_at AS date) - f.stale_days
                      AND f.first_on <= least(h.lo, CAST(:as_at AS date) - f.stale_days))) t
WHERE r.ask = 'latest' AND t.silent IS NOT NULL
  AND EXISTS (SELECT FROM member m WHERE m.household_id = h.household_id AND m.valid && assess.days(h.lo, :as_at))
