-- what:  keep the first faults of a held file only
-- grain: rejected row and fault
-- reads: landing.reject
-- key:   -
DELETE FROM landing.reject r
USING (SELECT line_no FROM landing.reject WHERE delivery_id = :delivery_id ORDER BY line_no OFFSET :most LIMIT 1) AS cut
WHERE r.delivery_id = :delivery_id AND r.line_no >= cut.line_no
