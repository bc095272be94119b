-- what:  forget the measures and rejects of an earlier look at a delivery
-- grain: delivery
-- reads: landing.measure, landing.reject
-- key:   delivery_id
WITH gone AS (DELETE FROM landing.measure WHERE delivery_id = :delivery_id)
DELETE FROM landing.reject WHERE delivery_id = :delivery_id
