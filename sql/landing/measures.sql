-- what:  what was measured of a delivery: outcomes and figures, never a value of a row
-- grain: measure
-- reads: landing.measure
-- key:   name
SELECT name, success, severity, quantity::float AS quantity
FROM landing.measure
WHERE delivery_id = :delivery_id AND (success IS FALSE OR NOT :failed_only)
ORDER BY success IS FALSE DESC, severity, name
