-- what:  record what applying a delivery changed: counts of facts and people
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET applied = CAST(:applied AS jsonb)
WHERE delivery_id = :delivery_id
