-- What:  tests that count or sum per person: a sweep over the days on which each person's facts lie in the window.
--        `found` keeps the days on which any fact was in the window: facts decide, whatever the coverage.
-- Grain: rule x household x person.   Reads: occurrence, rule, member.   Key: rule_id, household_id, person_id.
INSERT INTO person_finding (rule_id, household_id, person_id, hit, doubt, found)
WITH counted AS (
    SELECT o.*, r.threshold, r.who FROM occurrence o JOIN rule r USING (rule_id)
    WHERE r.every AND r.ask IN ('seen', 'total')
), edge AS (
    SELECT rule_id, household_id, person_id, is_sure, threshold, day, sum(amount) AS step
    FROM (SELECT rule_id, household_id, person_id, is_sure, threshold, lower(days) AS day, amount FROM counted
          UNION ALL
          SELECT rule_id, household_id, person_id, is_sure, threshold, coalesce(upper(days), 'infinity'), -amount FROM counted) e
    GROUP BY rule_id, household_id, person_id, is_sure, threshold, day
), level AS (
    SELECT *, sum(step) OVER w AS level, lead(day) OVER w AS next_day FROM edge
    WINDOW w AS (PARTITION BY rule_id, household_id, person_id, is_sure ORDER BY day)
), reached AS (
    SELECT rule_id, household_id, person_id,
           coalesce(range_agg(daterange(day, next_day)) FILTER (WHERE is_sure AND level >= threshold), '{}') AS hit,
           coalesce(range_agg(daterange(day, next_day)) FILTER (WHERE NOT is_sure AND level >= threshold), '{}') AS doubt
    FROM level WHERE next_day IS NOT NULL GROUP BY rule_id, household_id, person_id
), found AS (
    SELECT rule_id, household_id, person_id, range_agg(days) AS found FROM counted GROUP BY rule_id, household_id, person_id
)
SELECT r.rule_id, r.household_id, r.person_id, r.hit, r.doubt - r.hit, f.found
FROM reached r JOIN found f USING (rule_id, household_id, person_id)
