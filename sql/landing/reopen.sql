-- what:  open a delivery to a new decision, before its file is fetched again
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET state = 'stable', status = NULL
WHERE delivery_id = :delivery_id
