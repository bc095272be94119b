-- What:  tests that no plan asks any more go.
-- Grain: plan x test.   Reads: shown_rule.   Key: plan_id, side, problem, criterion, test_no.
DELETE FROM assess.rule_window w
WHERE NOT EXISTS (SELECT FROM shown_rule r WHERE (r.plan_id, r.side, r.problem, r.criterion, r.test_no) = (w.plan_id, w.side, w.problem, w.criterion, w.test_no))
