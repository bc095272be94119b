-- what:  record what applying a delivery changed (counts of facts and people); with the commit its facts can be read
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET applied = CAST(:applied AS jsonb), state = 'published'
WHERE delivery_id = :delivery_id
