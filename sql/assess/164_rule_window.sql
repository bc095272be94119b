-- What:  each test's words, threshold, and window on this run's day.
-- Grain: plan x test.   Reads: shown_rule.   Key: plan_id, side, problem, criterion, test_no.
INSERT INTO assess.rule_window (plan_id, side, problem, criterion, test_no, threshold, says, is_first, window_start, window_end, run_id, as_at)
SELECT plan_id, side, problem, criterion, test_no, shown_threshold, says, is_first, window_start, window_end, :run_id, :as_at FROM shown_rule
ON CONFLICT (plan_id, side, problem, criterion, test_no) DO UPDATE
SET (threshold, says, is_first, window_start, window_end, run_id, as_at)
  = (excluded.threshold, excluded.says, excluded.is_first, excluded.window_start, excluded.window_end, excluded.run_id, excluded.as_at)
