-- what:  the feeds that a refresh goes without: whose newest file is held, rejected or waiting, or that are late
-- grain: feed
-- reads: mart.feed_health_v1
-- key:   feed
SELECT feed FROM mart.feed_health_v1 WHERE state <> 'on time' ORDER BY feed
