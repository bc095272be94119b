-- what:  forget the rejects of an earlier reading of a delivery
-- grain: reject
-- reads: landing.reject
-- key:   delivery_id
DELETE FROM landing.reject WHERE delivery_id = :delivery_id
