-- what:  record that the receipt stands in the partner's folder
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET receipt_at = core.instant(), state = CASE WHEN status IN ('accepted', 'accepted_with_rejects', 'duplicate') THEN 'acknowledged' ELSE state END
WHERE delivery_id = :delivery_id
