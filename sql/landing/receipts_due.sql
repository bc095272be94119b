-- what:  decided deliveries of a partner whose receipt could not be written yet
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT delivery_id
FROM landing.delivery
WHERE partner = :partner AND status IN ('accepted', 'accepted_with_rejects', 'held', 'rejected', 'duplicate') AND receipt_at IS NULL
ORDER BY decided_at, delivery_id
