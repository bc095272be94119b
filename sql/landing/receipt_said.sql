-- what:  the receipt of a delivery as it was last written
-- grain: delivery
-- reads: landing.receipt
-- key:   delivery_id
SELECT body::text
FROM landing.receipt
WHERE delivery_id = :delivery_id AND fault IS NULL
ORDER BY receipt_id DESC
LIMIT 1
