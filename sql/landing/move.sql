-- what:  move a delivery that nobody has decided yet on to its next state
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET state = :state
WHERE delivery_id = :delivery_id
