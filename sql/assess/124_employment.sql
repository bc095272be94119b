-- What:  the employment result: the days on which it holds for somebody, its verdict on the as-at day, and what could not be told.
-- Grain: attached household.   Reads: hh, worker, worker_run, worker_held, employment, feed_run.   Key: household_id.
CREATE TEMP TABLE employment_days ON COMMIT DROP AS
WITH held AS (
    SELECT w.household_id, w.person_id, x.days * w.adult AS days, coalesce(r.weeks, 0) AS weeks,
           -- the weeks there could be if every day off benefit were one in work: too few is not met, whatever the coverage
           (SELECT coalesce(sum(greatest(0, least(w.of_last - 1, floor((CAST(:as_at AS date) - 6 - lower(o)) / 7.0))
                   - greatest(0, ceil((CAST(:as_at AS date) - least(assess.last_day(o), :as_at)) / 7.0)) + 1)), 0)
            FROM unnest(w.off_benefit) o WHERE lower(o) <= :as_at) AS most_weeks
    FROM worker w
    LEFT JOIN worker_held x USING (household_id, person_id)
    LEFT JOIN (SELECT household_id, person_id, sum(weeks) AS weeks FROM worker_run GROUP BY household_id, person_id) r USING (household_id, person_id)
), gap AS (
    SELECT e.plan_id, w.of_last,
           (SELECT array_agg(t.feed) FROM unnest(e.told_by_work) t(feed) WHERE NOT EXISTS (SELECT FROM feed_run x WHERE x.feed = t.feed
                AND x.first_on <= CAST(:as_at AS date) - 7 * w.of_last + 1 AND x.last_on >= CAST(:as_at AS date) - x.stale_days)) AS work,
           (SELECT array_agg(t.feed) FROM unnest(e.told_by_benefit) t(feed) WHERE NOT EXISTS (SELECT FROM feed_run x WHERE x.feed = t.feed
                AND x.first_on <= CAST(:as_at AS date) - 7 * w.of_last + 1 AND x.last_on >= CAST(:as_at AS date) - x.stale_days)) AS benefit
    FROM employment e JOIN (SELECT DISTINCT plan_id, of_last FROM weeks_rule) w USING (plan_id)
), person AS (
    SELECT w.household_id, w.person_id, w.need, h.weeks, coalesce(h.days, '{}') AS days, w.is_dated,
           CASE WHEN NOT w.adult @> CAST(:as_at AS date) THEN 'not_met'
                WHEN h.weeks >= w.need THEN CASE WHEN g.benefit IS NULL AND w.is_dated THEN 'met' ELSE 'not_known' END
                WHEN w.work_ids IS NOT NULL OR g.work IS NULL OR h.most_weeks < w.need THEN 'not_met' ELSE 'not_known' END AS verdict,
           CASE WHEN h.weeks >= w.need THEN g.benefit ELSE g.work END AS feeds
    FROM worker w
    JOIN held h USING (household_id, person_id)
    JOIN gap g ON g.plan_id = w.plan_id AND g.of_last = w.of_last
), best AS (
    -- the person who decides: one who meets it, else one who may, else the one with most weeks
    SELECT DISTINCT ON (household_id) * FROM person
    ORDER BY household_id, CASE verdict WHEN 'met' THEN 0 WHEN 'not_known' THEN 1 ELSE 2 END, weeks DESC, person_id
), everyone AS (
    SELECT household_id, range_agg(days) FILTER (WHERE is_dated) AS days FROM person GROUP BY household_id
)
SELECT h.household_id, h.plan_id, b.person_id, b.weeks, b.need,
       coalesce(e.days, '{}') AS days,
       CASE WHEN b.household_id IS NOT NULL THEN b.verdict WHEN u.feeds IS NULL THEN 'not_met' ELSE 'not_known' END::assess.verdict AS verdict,
       coalesce(CASE WHEN b.household_id IS NOT NULL THEN CASE b.verdict WHEN 'not_known' THEN b.feeds END ELSE u.feeds END, '{}') AS unknown_feeds
FROM hh h
JOIN employment q USING (plan_id)
LEFT JOIN best b USING (household_id)
LEFT JOIN everyone e USING (household_id)
LEFT JOIN LATERAL (
    SELECT array_agg(t.feed) AS feeds FROM unnest(q.told_by_benefit) t(feed)
    WHERE NOT EXISTS (SELECT FROM feed_run x WHERE x.feed = t.feed AND x.first_on <= h.attached_on AND x.last_on >= h.attached_on - x.stale_days)
) u ON true
WHERE h.attached_on IS NOT NULL
