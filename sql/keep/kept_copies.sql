-- what:  the deliveries whose landed file is a copy without somebody's rows, or without a column
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT delivery_id, landed_path FROM landing.delivery WHERE landed_path LIKE '%/kept-%'
