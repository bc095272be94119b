-- what:  how many source records are past retention, and how many facts go with them
-- grain: feed and reason
-- reads: forgotten, core.fact
-- key:   feed, because
SELECT x.feed, x.because, count(*) AS records,
       coalesce(sum((SELECT count(*) FROM core.fact f WHERE f.source_record_id = x.source_record_id)), 0)::bigint AS facts
FROM forgotten x
GROUP BY x.feed, x.because
ORDER BY x.feed, x.because
