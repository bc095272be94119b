-- What:  a step towards work that adds money to a sustained result: recorded since attachment, in a family in which the problem
--        has been present.
-- Grain: attached household of a plan that has such a rule.   Reads: hh, progress_rule, problem_now, identity.household_ref, core.fact, feed_run.   Key: household_id.
CREATE TEMP TABLE progress ON COMMIT DROP AS
WITH found AS (
    SELECT h.household_id, array_agg(DISTINCT f.fact_id) AS fact_ids, min(f.kind) AS kind
    FROM hh h
    JOIN progress_rule r USING (plan_id)
    JOIN identity.household_ref x USING (household_id)
    JOIN core.fact f ON f.partner = x.partner AND f.family_ref = x.family_ref AND f.kind = r.kind
    WHERE f.known_from <= :known_at AND f.known_to > :known_at AND x.known_from <= :known_at AND x.known_to > :known_at
      AND (r.code IS NULL OR f.code = ANY (r.code)) AND f.starts_on >= h.attached_on AND f.starts_on <= :as_at
    GROUP BY h.household_id
)
SELECT h.household_id, h.plan_id, r.says, r.pounds, f.fact_ids, f.kind,
       (CASE WHEN n.present_since = 'not_met' THEN 'not_met'
             WHEN f.fact_ids IS NOT NULL THEN n.present_since::text
             WHEN g.feeds IS NOT NULL THEN 'not_known' ELSE 'not_met' END)::assess.verdict AS verdict,
       coalesce(g.feeds, '{}') AS unknown_feeds
FROM hh h
JOIN progress_rule r USING (plan_id)
JOIN problem_now n ON n.household_id = h.household_id AND n.problem = r.problem
LEFT JOIN found f ON f.household_id = h.household_id
LEFT JOIN LATERAL (
    SELECT array_agg(t.feed ORDER BY t.feed) AS feeds FROM unnest(r.told_by) t(feed)
    WHERE NOT EXISTS (SELECT FROM feed_run x WHERE x.feed = t.feed AND x.first_on <= h.attached_on
                      AND x.last_on >= CAST(:as_at AS date) - x.stale_days)) g ON true
WHERE h.attached_on IS NOT NULL
