-- What:  tests that compare now with before attachment: the days on which occurrences in the window are more than the
--        allowed share of those in the window that ended on attachment. An occurrence counts once per household.
-- Grain: rule x household.   Reads: occurrence, rule, hh.   Key: rule_id, household_id.
INSERT INTO finding (rule_id, household_id, hit, doubt, found)
WITH once AS (
    SELECT o.rule_id, o.household_id, o.ref, min(o.on_day) AS on_day, min(lower(o.days)) AS first_on, min(upper(o.days)) AS leaves_on
    FROM occurrence o JOIN rule r USING (rule_id) WHERE r.ask = 'fewer'
    GROUP BY o.rule_id, o.household_id, o.ref
), before AS (
    SELECT o.rule_id, o.household_id, count(*) FILTER (WHERE daterange(o.first_on, o.leaves_on) @> h.lo) AS n
    FROM once o JOIN hh h USING (household_id) GROUP BY o.rule_id, o.household_id
), edge AS (
    SELECT rule_id, household_id, day, sum(step) AS step
    FROM (SELECT rule_id, household_id, first_on AS day, 1 AS step FROM once
          UNION ALL SELECT rule_id, household_id, leaves_on, -1 FROM once) e
    GROUP BY rule_id, household_id, day
), level AS (
    SELECT *, sum(step) OVER w AS n, lead(day) OVER w AS next_day FROM edge
    WINDOW w AS (PARTITION BY rule_id, household_id ORDER BY day)
)
SELECT l.rule_id, l.household_id,
       coalesce(range_agg(daterange(l.day, l.next_day)) FILTER (WHERE l.n > 0 AND l.n > r.at_most_share * b.n), '{}'),
       '{}', coalesce(range_agg(daterange(l.day, l.next_day)) FILTER (WHERE l.n > 0), '{}')
FROM level l JOIN before b USING (rule_id, household_id) JOIN rule r USING (rule_id)
WHERE l.next_day IS NOT NULL
GROUP BY l.rule_id, l.household_id
