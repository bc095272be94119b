-- what:  every feed: when it is due, what came last, what it waits for
-- grain: feed
-- reads: mart.feed_health_v1
-- key:   feed
SELECT feed, partner, due_on, last_arrived_at, state, rows_read, rows_loaded, rows_rejected, age_days, covers_to,
       delivery_id, file_name, next_action, missing_after, drift, drift_because
FROM mart.feed_health_v1
ORDER BY feed
