-- What:  members on the attachment day who were, or may have been, on an out-of-work benefit then: how many weeks in work their
--        benefit asks for, and the days since attachment in work and off benefit. Days on which DWP could not match them are unsure.
--        Whose benefit then nobody told may have been any: each number of weeks is asked (`is_other`: but the last of them).
-- Grain: household x person x weeks asked.   Reads: working_age, worker_spell, weeks_rule, employment, feed_run.   Key: household_id, person_id, of_last.
CREATE TEMP TABLE worker ON COMMIT DROP AS
WITH asked AS (
    -- how many weeks each benefit at attachment asks for
    SELECT s.household_id, s.person_id, min(w.nth) AS nth
    FROM worker_spell s
    JOIN working_age p USING (household_id, person_id)
    JOIN weeks_rule w ON w.plan_id = s.plan_id
         AND (w.kind IS NULL OR w.kind = s.kind AND (w.code IS NULL OR s.code = ANY (w.code)) AND (w.outcome IS NULL OR s.outcome = ANY (w.outcome)))
    WHERE s.what = 'benefit' AND s.days @> p.attached_on
    GROUP BY s.household_id, s.person_id
), gathered AS (
    SELECT p.*, array_agg(DISTINCT s.fact_id) FILTER (WHERE s.what = 'benefit' AND s.days @> p.attached_on) AS benefit_ids,
           array_agg(DISTINCT s.fact_id) FILTER (WHERE s.what = 'work') AS work_ids,
           coalesce(bool_or(s.what = 'unmatched' AND s.days @> p.attached_on), false) AS is_unmatched,
           coalesce(range_agg(s.days) FILTER (WHERE s.what = 'work'), '{}') AS work,
           coalesce(range_agg(s.days) FILTER (WHERE s.what = 'benefit'), '{}') AS benefit,
           coalesce(range_agg(s.days) FILTER (WHERE s.what = 'unmatched'), '{}') AS unsure
    FROM working_age p
    LEFT JOIN worker_spell s USING (household_id, person_id)
    GROUP BY p.household_id, p.person_id, p.plan_id, p.attached_on, p.is_dated, p.adult
)
SELECT g.household_id, g.person_id, g.plan_id, g.is_dated, g.adult, g.benefit_ids, g.work_ids, g.work, g.is_unmatched, w.need, w.of_last,
       t.start_gap, a.nth IS NULL AND w.nth <> w.last_nth AS is_other,
       (g.work - g.benefit) * s.since AS in_work, (g.work - g.benefit - g.unsure) * s.since AS surely_in_work, s.since - g.benefit AS off_benefit
FROM gathered g
LEFT JOIN asked a USING (household_id, person_id)
CROSS JOIN LATERAL (SELECT datemultirange(daterange(g.attached_on + 1, NULL)) AS since) s
CROSS JOIN LATERAL (
    -- the feeds of benefit that were silent on the attachment day
    SELECT array_agg(x.feed) AS start_gap FROM employment e CROSS JOIN LATERAL unnest(e.told_by_benefit) x(feed)
    WHERE e.plan_id = g.plan_id AND NOT EXISTS (SELECT FROM feed_run f WHERE f.feed = x.feed AND f.first_on <= g.attached_on
                                                AND f.last_on >= g.attached_on - f.stale_days)) t
JOIN (SELECT DISTINCT plan_id, nth, need, of_last, max(nth) OVER (PARTITION BY plan_id) AS last_nth FROM weeks_rule) w
     ON w.plan_id = g.plan_id AND (w.nth = a.nth OR a.nth IS NULL AND (w.nth = w.last_nth OR g.is_unmatched OR t.start_gap IS NOT NULL))
