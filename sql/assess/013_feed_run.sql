-- What:  the unbroken runs of days that each feed's accepted deliveries speak for.
-- Grain: feed x run.   Reads: core.coverage, core.feed.   Key: feed, first_on.
CREATE TEMP TABLE feed_run ON COMMIT DROP AS
SELECT f.feed, f.stale_days, lower(x) AS first_on, assess.last_day(x) AS last_on
FROM core.feed f
JOIN (SELECT feed, range_agg(covers) AS days FROM core.coverage
      WHERE place IS NULL AND known_from <= :known_at AND known_to > :known_at GROUP BY feed) c USING (feed),
     unnest(c.days) x
