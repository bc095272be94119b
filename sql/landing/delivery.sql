-- what:  one delivery, whole
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT *, reasons::text AS reasons_json, control::text AS control_json
FROM landing.delivery
WHERE delivery_id = :delivery_id
