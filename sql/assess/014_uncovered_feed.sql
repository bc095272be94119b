-- What:  for each test, the days up to the as-at day on which some feed that could have told did not cover the window.
--        A window must be spanned from its first day to its end, the end being allowed to lag the as-at day by the feed's
--        stale days; for something open, some covered day lies in the stale days before.
-- Grain: rule x feed.   Reads: rule, feed_run, term_window.   Key: rule_id, feed.
CREATE TEMP TABLE uncovered_feed ON COMMIT DROP AS
WITH reach AS (
    -- how far a run answers for: to its last day, or without end when that is no staler than allowed
    SELECT *, CASE WHEN last_on >= CAST(:as_at AS date) - stale_days THEN NULL ELSE last_on END AS until FROM feed_run
), covered AS (
    SELECT r.rule_id, x.feed, range_agg(CASE
               WHEN r.window_n IS NULL THEN assess.days(x.first_on, x.last_on + x.stale_days)
               ELSE assess.days(assess.leaves(x.first_on - 1, r.window_n, r.window_unit), x.until) END) AS days
    FROM rule r JOIN reach x ON x.feed = ANY (r.told_by)
    WHERE r.window_unit IS NULL OR r.window_unit NOT LIKE 'terms%'
    GROUP BY r.rule_id, x.feed
    UNION ALL
    SELECT r.rule_id, x.feed, range_agg(w.days * assess.days(NULL, x.until))
    FROM rule r JOIN reach x ON x.feed = ANY (r.told_by) JOIN term_window w ON w.n = r.window_n AND x.first_on <= w.starts_on
    WHERE r.window_unit LIKE 'terms%'
    GROUP BY r.rule_id, x.feed
), each_feed AS (
    SELECT r.rule_id, t.feed, datemultirange(assess.days(NULL, :as_at)) - coalesce(c.days, '{}') AS days
    FROM rule r CROSS JOIN LATERAL unnest(r.told_by) t(feed)
    LEFT JOIN covered c ON c.rule_id = r.rule_id AND c.feed = t.feed
)
SELECT rule_id, feed, days FROM each_feed WHERE NOT isempty(days)
