-- what:  add a try to write a receipt: what was said, or the kind of fault
-- grain: try
-- reads: -
-- key:   receipt_id
INSERT INTO landing.receipt (delivery_id, fault, body) VALUES (:delivery_id, :fault, CAST(:body AS jsonb))
