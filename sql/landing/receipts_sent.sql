-- what:  every try to write a delivery's receipt, in order
-- grain: try
-- reads: landing.receipt
-- key:   receipt_id
SELECT tried_at, fault, body ->> 'status' AS status
FROM landing.receipt
WHERE delivery_id = :delivery_id
ORDER BY receipt_id
