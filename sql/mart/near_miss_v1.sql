-- what:  families without a result yet: what is missing, whose it is to mend, the earliest day, and what would break it
-- grain: household
-- reads: assess.latest, assess.readiness, assess.missing, assess.criterion_verdict, assess.every_verdict
-- key:   household_id
-- columns:
--   household_id: the household
--   plan_id: the plan that judged
--   status: in_progress, blocked_by_data or cannot_tell
--   reason: what is missing, in words
--   earliest_on: the first day it would be ready if nothing new happened and the data kept coming
--   feed: the feed that would answer, where one would
--   days_left: from as_at to earliest_on
--   n_missing: how many tests are not met
--   missing: their codes, in the order in which to take them up
--   whose: for each of them: practice (a worker's to do), data (a feed's to tell), time (it only has to last), family (it goes on)
--   first_fine_on: for each of them, the first later day on which it would hold with nothing new; blank where none is in sight
--   changes: the smallest set of changes that makes a claim, in words
--   n_changes: how many they are
--   breaks: what a result stands on already, and a new fact would break
--   attached_on: the day of attachment; blank when unattached
--   value_pounds: what a result would bring
--   run_id: the run that judged
--   as_at: the day judged
CREATE OR REPLACE VIEW mart.near_miss_v1 AS
WITH lack AS (
    SELECT household_id, count(*)::int AS n, array_agg(test ORDER BY ord, test) AS tests, array_agg(whose ORDER BY ord, test) AS whose,
           array_agg(fine_on ORDER BY ord, test) AS fine_on,
           count(*) FILTER (WHERE ord = 30)::int AS n_problems,
           array_agg(CASE whose WHEN 'time' THEN says || ' (by ' || to_char(fine_on, 'YYYY-MM-DD') || ' with nothing new)'
                                WHEN 'data' THEN says || coalesce(' (ask ' || nullif(array_to_string(feeds, ', '), '') || ')', '')
                                WHEN 'practice' THEN what_next ELSE says END ORDER BY ord, test) FILTER (WHERE ord < 40) AS by_outcome,
           array_agg(CASE whose WHEN 'practice' THEN what_next ELSE says END ORDER BY ord, test) FILTER (WHERE ord < 30) AS others
    FROM assess.missing GROUP BY household_id
), work AS (
    -- the other route, where somebody was on a benefit at attachment: so many weeks in work instead of every problem
    SELECT household_id, 'an adult in work and off benefit for ' || threshold::int || ' weeks (' || measure::int || ' so far)' AS says
    FROM assess.criterion_verdict WHERE side = 'result' AND criterion = 'employment' AND verdict <> 'met' AND measure > 0
), held AS (
    SELECT v.household_id, string_agg(regexp_replace(v.says, '^Met: ', ''), '; ' ORDER BY v.problem, v.criterion) AS says
    FROM assess.every_verdict v JOIN assess.readiness r USING (household_id)
    WHERE v.side = 'improved' AND v.verdict = 'met' AND v.problem = ANY (r.problems_present) GROUP BY v.household_id
)
SELECT r.household_id,
       r.plan_id,
       r.status,
       r.why_not AS reason,
       r.earliest_on,
       r.blocked_by_feed AS feed,
       r.earliest_on - l.as_at AS days_left,
       coalesce(k.n, 0) AS n_missing,
       coalesce(k.tests, '{}') AS missing,
       coalesce(k.whose, '{}') AS whose,
       coalesce(k.fine_on, '{}') AS first_fine_on,
       CASE WHEN k.n_problems > 1 AND w.says IS NOT NULL THEN coalesce(k.others, '{}') || w.says
            ELSE coalesce(k.by_outcome, ARRAY[r.what_next]) END AS changes,
       CASE WHEN k.n_problems > 1 AND w.says IS NOT NULL THEN cardinality(coalesce(k.others, '{}')) + 1
            ELSE coalesce(cardinality(k.by_outcome), 1) END AS n_changes,
       CASE WHEN r.attached_on IS NOT NULL THEN h.says END AS breaks,
       r.attached_on,
       p.result_pounds AS value_pounds,
       l.run_id,
       l.as_at
FROM assess.readiness r
CROSS JOIN assess.latest l
LEFT JOIN lack k USING (household_id)
LEFT JOIN work w USING (household_id)
LEFT JOIN held h USING (household_id)
LEFT JOIN assess.plan p ON p.plan_id = r.plan_id
WHERE r.status IN ('in_progress', 'blocked_by_data', 'cannot_tell')
