-- what:  the newest deliveries, of a feed when one is named: what was decided, and the counts
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT delivery_id, feed, partner, file_name, coalesce(status, state) AS status, snapshot_on, rows_read, rows_loaded, rows_rejected,
       received_at, decided_at, receipt_at
FROM landing.delivery
WHERE (CAST(:feed AS text) IS NULL OR feed = :feed) AND (CAST(:partner AS text) IS NULL OR partner = :partner)
ORDER BY received_at DESC, snapshot_on DESC, sequence DESC, delivery_id
LIMIT :most
