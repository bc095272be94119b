-- what:  families that are ready, or unattached and eligible, whose evidence is about to lapse
-- grain: household
-- reads: assess.latest, assess.readiness, assess.lapse, assess.plan, core.feed, core.coverage
-- key:   household_id
-- columns:
--   household_id: the household
--   plan_id: the plan that judged
--   status: ready or eligible
--   reason: what would lapse, in words
--   earliest_on: the day on which it would lapse with nothing new
--   feed: the feed whose silence would make it unknown; blank where a fact or a calendar day ends it
--   days_left: from as_at to that day
--   lapses_on: the same day as earliest_on
--   value_pounds: the money that a ready household would bring
--   run_id: the run that judged
--   as_at: the day judged
CREATE OR REPLACE VIEW mart.at_risk_v1 AS
WITH told AS (
    SELECT p.plan_id, q.key AS problem, f.feed #>> '{}' AS feed
    FROM assess.plan p, jsonb_each(p.document -> 'problems') q, jsonb_path_query(q.value, '$.improved.tests.*.told_by[*]') f(feed)
), silent AS (
    SELECT f.feed, max(upper(c.covers)) - 1 + max(f.stale_days) + 1 AS on_day
    FROM core.feed f JOIN core.coverage c ON c.feed = f.feed AND c.place IS NULL AND c.known_to = 'infinity'
    WHERE f.stale_half_terms = 0 GROUP BY f.feed
), ending AS (
    SELECT household_id, lapses_on, because, NULL::text AS feed FROM assess.lapse
    UNION ALL
    SELECT r.household_id, s.on_day, s.feed || ' covers no later day, and what rests on its silence would not be known', s.feed
    FROM assess.readiness r
    CROSS JOIN LATERAL (
        SELECT s.feed, s.on_day FROM told t JOIN silent s USING (feed)
        WHERE t.plan_id = r.plan_id AND t.problem = ANY (r.problems_present) ORDER BY s.on_day, s.feed LIMIT 1) s
    WHERE r.status = 'ready' AND r.result = 'sustained'
), soonest AS (
    SELECT DISTINCT ON (household_id) * FROM ending ORDER BY household_id, lapses_on, feed NULLS FIRST
)
SELECT r.household_id,
       r.plan_id,
       r.status,
       s.because AS reason,
       s.lapses_on AS earliest_on,
       s.feed,
       s.lapses_on - l.as_at AS days_left,
       s.lapses_on,
       r.value_pounds,
       l.run_id,
       l.as_at
FROM soonest s
JOIN assess.readiness r USING (household_id)
JOIN assess.plan p ON p.plan_id = r.plan_id
CROSS JOIN assess.latest l
WHERE r.status IN ('ready', 'eligible') AND s.lapses_on > l.as_at
  AND s.lapses_on <= l.as_at + coalesce((p.document ->> 'at_risk_within')::interval, interval '0')
