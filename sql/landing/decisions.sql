-- what:  what people decided about a delivery, in order
-- grain: decision
-- reads: landing.decision
-- key:   decision_id
SELECT decided_at, action, by_whom, because, status_was, rules
FROM landing.decision
WHERE delivery_id = :delivery_id
ORDER BY decision_id
