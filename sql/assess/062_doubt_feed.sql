-- What:  other tests where nothing was found: not known on the days that a feed left uncovered, for households in which
--        somebody could have met it (of the age, a member in the window, with a dependent child where the rule asks for one).
-- Grain: rule x household.   Reads: uncovered, rule, hh, member, child_days.   Key: rule_id, household_id.
INSERT INTO test_doubt (rule_id, household_id, doubt, cov)
WITH gap AS (
    SELECT r.*, u.days FROM rule r JOIN uncovered u USING (rule_id)
    WHERE r.ask <> 'rate' AND NOT (r.every AND r.window_unit LIKE 'terms%')
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
SELECT g.rule_id, h.household_id, '{}',
       g.days * datemultirange(h.span) * CASE WHEN g.who = 'family' THEN '{(,)}' ELSE coalesce(a.days, '{}') END
       * CASE WHEN g.with_child THEN coalesce(c.sure + c.possible_beside, '{}') ELSE '{(,)}' END
FROM gap g
JOIN hh h ON h.plan_id = g.plan_id
LEFT JOIN able a ON a.rule_id = g.rule_id AND a.household_id = h.household_id
LEFT JOIN child_days c ON c.household_id = h.household_id
WHERE g.days && h.span
