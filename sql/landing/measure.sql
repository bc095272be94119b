-- what:  record one measure of a delivery; never a value of a row
-- grain: delivery and measure
-- reads: landing.measure
-- key:   delivery_id, name
INSERT INTO landing.measure (delivery_id, name, success, severity, quantity)
VALUES (:delivery_id, :name, :success, :severity, :quantity)
ON CONFLICT (delivery_id, name) DO UPDATE SET
    success = excluded.success, severity = excluded.severity, quantity = excluded.quantity
