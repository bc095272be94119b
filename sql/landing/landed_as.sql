-- what:  record the name under which a delivery's file is kept now
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET landed_path = :landed_path
WHERE delivery_id = :delivery_id
