-- what:  the deliveries of a partner that were decided before this one, the newest first; counts only
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT p.file_name AS file, p.feed, p.status, p.rows_read, p.rows_loaded, p.rows_rejected, p.received_at, p.delivery_id
FROM landing.delivery d
JOIN landing.delivery p ON p.partner = d.partner AND p.delivery_id <> d.delivery_id AND p.decided_at <= d.decided_at
WHERE d.delivery_id = :delivery_id AND p.status IN ('accepted', 'accepted_with_rejects', 'held', 'rejected', 'duplicate')
ORDER BY p.decided_at DESC, p.snapshot_on DESC, p.sequence DESC, p.delivery_id
LIMIT :most
