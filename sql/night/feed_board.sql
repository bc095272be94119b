-- what:  the feed board, whatever needs a person first
-- grain: feed
-- reads: mart.feed_health_v1
-- key:   feed
SELECT feed, partner, title, state, due_on, last_arrived_at, rows_read, rows_loaded, rows_rejected, usual_low, usual_high,
       covers_to, next_action, as_at, delivery_id
FROM mart.feed_health_v1
ORDER BY state = 'on time', feed
