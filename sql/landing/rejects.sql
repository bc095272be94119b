-- what:  the rejected rows of a delivery, for its receipt
-- grain: rejected row and fault
-- reads: landing.reject
-- key:   -
SELECT line_no AS line, column_name AS "column", rule, what_to_do
FROM landing.reject
WHERE delivery_id = :delivery_id
ORDER BY line_no, column_name, rule
