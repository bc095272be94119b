-- What:  the run's coverage in one digest: per test the uncovered days, a gap that reaches the as-at day being left open, and
--        which half-terms the schools must by now have spoken for. Equal digests mean that silence says today what it said then.
-- Grain: one row.   Reads: uncovered_feed, core.feed, half_term_day.   Key: none.
SELECT md5(concat_ws('|',
    (SELECT string_agg(rule_id || feed || CASE WHEN days @> CAST(:as_at AS date)
                                               THEN (days + datemultirange(daterange(:as_at, NULL)))::text ELSE days::text END, ';' ORDER BY rule_id, feed)
     FROM uncovered_feed),
    (SELECT max(last_day)::text FROM half_term_day, (SELECT max(stale_days) AS lag FROM core.feed WHERE stale_half_terms > 0) f
     WHERE place = '' AND last_day <= CAST(:as_at AS date) - f.lag
       - (SELECT last_day - starts_on + 1 FROM half_term_day WHERE place = '' AND last_day <= :as_at ORDER BY day DESC LIMIT 1)),
    (SELECT string_agg(feed || stale_days || '/' || stale_half_terms, ';' ORDER BY feed) FROM core.feed)))
