-- What:  tests that compare now with before attachment: the days on which occurrences in the window are more than the
--        allowed share of those in the window that ended on attachment. An occurrence counts once per household; those of a
--        person whose age is not known may or may not count.
-- Grain: rule x household.   Reads: occurrence, rule, hh.   Key: rule_id, household_id.
INSERT INTO finding (rule_id, household_id, hit, doubt, found)
WITH once AS (
    -- on its household's behalf an occurrence is certain when it is so of some member
    SELECT o.rule_id, o.household_id, o.ref, bool_or(o.is_sure)::int AS sure, min(lower(o.days)) AS first_on, min(upper(o.days)) AS leaves_on
    FROM occurrence o JOIN rule r USING (rule_id) WHERE r.ask = 'fewer'
    GROUP BY o.rule_id, o.household_id, o.ref
), before AS (
    SELECT o.rule_id, o.household_id, count(*) FILTER (WHERE daterange(o.first_on, o.leaves_on) @> h.lo) AS most,
           coalesce(sum(o.sure) FILTER (WHERE daterange(o.first_on, o.leaves_on) @> h.lo), 0) AS least
    FROM once o JOIN hh h USING (household_id) GROUP BY o.rule_id, o.household_id
), edge AS (
    SELECT rule_id, household_id, day, sum(step) AS step, sum(sure) AS sure
    FROM (SELECT rule_id, household_id, first_on AS day, 1 AS step, sure FROM once
          UNION ALL SELECT rule_id, household_id, leaves_on, -1, -sure FROM once) e
    GROUP BY rule_id, household_id, day
), level AS (
    SELECT *, sum(step) OVER w AS most, sum(sure) OVER w AS least, lead(day) OVER w AS next_day FROM edge
    WINDOW w AS (PARTITION BY rule_id, household_id ORDER BY day)
), judged AS (
    SELECT l.rule_id, l.household_id, l.most > 0 AS is_found, daterange(l.day, l.next_day) AS days,
           l.least > 0 AND l.least > r.at_most_share * b.most AS is_hit, l.most > 0 AND l.most > r.at_most_share * b.least AS may_be_hit
    FROM level l JOIN before b USING (rule_id, household_id) JOIN rule r USING (rule_id)
    WHERE l.next_day IS NOT NULL
)
SELECT rule_id, household_id, coalesce(range_agg(days) FILTER (WHERE is_hit), '{}'),
       coalesce(range_agg(days) FILTER (WHERE may_be_hit AND NOT is_hit), '{}'), coalesce(range_agg(days) FILTER (WHERE is_found), '{}')
FROM judged
GROUP BY rule_id, household_id
