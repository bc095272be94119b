-- what:  add what a person decided about a delivery, and what it was decided about
-- grain: decision
-- reads: landing.delivery
-- key:   decision_id
INSERT INTO landing.decision (delivery_id, action, by_whom, because, decided_at, status_was, rules)
SELECT d.delivery_id, :action, :by_whom, :because, core.instant(), d.status,
       ARRAY(SELECT r ->> 'rule' FROM jsonb_array_elements(d.reasons) r WHERE r ->> 'effect' IN ('hold', 'reject'))
FROM landing.delivery d
WHERE d.delivery_id = :delivery_id
