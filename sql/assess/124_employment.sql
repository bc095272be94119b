-- What:  the employment result: the days on which it holds for somebody, its verdict on the as-at day, and what could not be told.
--        Too few weeks off benefit since attachment is not met, whatever the coverage.
-- Grain: attached household.   Reads: hh, worker, worker_held, employment, weeks_rule, feed_run.   Key: household_id.
CREATE TEMP TABLE employment_days ON COMMIT DROP AS
WITH gap AS (
    SELECT e.plan_id, w.of_last,
           (SELECT array_agg(t.feed) FROM unnest(e.told_by_work) t(feed) WHERE NOT EXISTS (SELECT FROM feed_run x WHERE x.feed = t.feed
                AND x.first_on <= CAST(:as_at AS date) - 7 * w.of_last + 1 AND x.last_on >= CAST(:as_at AS date) - x.stale_days)) AS work,
           (SELECT array_agg(t.feed) FROM unnest(e.told_by_benefit) t(feed) WHERE NOT EXISTS (SELECT FROM feed_run x WHERE x.feed = t.feed
                AND x.first_on <= CAST(:as_at AS date) - 7 * w.of_last + 1 AND x.last_on >= CAST(:as_at AS date) - x.stale_days)) AS benefit
    FROM employment e JOIN (SELECT DISTINCT plan_id, of_last FROM weeks_rule) w USING (plan_id)
), counted AS (
    SELECT w.*, q.told_by_benefit, q.until_on, g.work AS work_gap, g.benefit AS benefit_gap,
           w.work && datemultirange(assess.days(CAST(:as_at AS date) - 7 * w.of_last + 1, :as_at)) AS has_work,
           assess.weeks_in(w.in_work, :as_at, w.of_last) AS weeks, assess.weeks_in(w.surely_in_work, :as_at, w.of_last) AS sure_weeks,
           assess.weeks_in(w.off_benefit, :as_at, w.of_last) AS most_weeks
    FROM worker w
    JOIN employment q ON q.plan_id = w.plan_id
    JOIN gap g ON g.plan_id = w.plan_id AND g.of_last = w.of_last
), person AS (
    SELECT household_id, person_id, need, of_last, weeks, is_other,
           CASE WHEN most_weeks < need OR until_on < :as_at THEN 'not_met'
                WHEN benefit_ids IS NULL AND NOT is_unmatched AND start_gap IS NULL THEN 'not_met'
                WHEN weeks < need THEN CASE WHEN has_work OR work_gap IS NULL THEN 'not_met' ELSE 'not_known' END
                WHEN benefit_ids IS NOT NULL AND benefit_gap IS NULL AND is_dated AND sure_weeks >= need THEN 'met'
                ELSE 'not_known' END AS verdict,
           CASE WHEN benefit_ids IS NULL THEN coalesce(start_gap, told_by_benefit) WHEN weeks < need THEN work_gap
                WHEN benefit_gap IS NOT NULL OR sure_weeks < need THEN coalesce(benefit_gap, told_by_benefit) END AS feeds
    FROM counted WHERE adult @> CAST(:as_at AS date)
), best AS (
    -- the adult who decides: one who meets it, else one who may, else the one with most weeks. Whoever comes of age later decides
    -- nothing today: how far ahead we look for them must not tell whose work is shown
    SELECT DISTINCT ON (household_id) * FROM person WHERE NOT is_other OR verdict = 'not_known'
    ORDER BY household_id, CASE verdict WHEN 'met' THEN 0 WHEN 'not_known' THEN 1 ELSE 2 END, weeks DESC, person_id, is_other
), everyone AS (
    SELECT w.household_id, range_agg(x.days * w.adult) AS days
    FROM worker w JOIN worker_held x USING (household_id, person_id) WHERE w.is_dated GROUP BY w.household_id
)
SELECT h.household_id, h.plan_id, b.person_id, b.weeks, b.need, b.of_last, coalesce(e.days, '{}') * datemultirange(assess.days(NULL, q.until_on)) AS days,
       coalesce(b.verdict, 'not_met')::assess.verdict AS verdict,
       coalesce(CASE b.verdict WHEN 'not_known' THEN b.feeds END, '{}') AS unknown_feeds
FROM hh h
JOIN employment q USING (plan_id)
LEFT JOIN best b USING (household_id)
LEFT JOIN everyone e USING (household_id)
WHERE h.attached_on IS NOT NULL
