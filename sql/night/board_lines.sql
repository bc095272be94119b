-- what:  the feed board's word on the feeds named
-- grain: feed
-- reads: mart.feed_health_v1
-- key:   feed
SELECT feed, partner, state, covers_to, next_action FROM mart.feed_health_v1 WHERE feed = ANY(:feeds) ORDER BY feed
