-- what:  the deliveries that a person may mean by an id or a file name, the newest first
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT delivery_id, partner, file_name, status, state
FROM landing.delivery
WHERE (delivery_id::text = :named OR file_name = :named) AND status IS DISTINCT FROM 'duplicate'
ORDER BY received_at DESC, delivery_id
