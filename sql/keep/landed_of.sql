-- what:  the deliveries of some partners whose files are still landed
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT delivery_id, feed, partner FROM landing.delivery
WHERE partner = ANY (CAST(:partners AS text[])) AND landed_path IS NOT NULL
ORDER BY delivery_id
