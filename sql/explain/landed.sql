-- what:  where a delivery's file is kept
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT feed, file_name, landed_path FROM landing.delivery WHERE delivery_id = :delivery_id
