-- What:  each test with its window's days and threshold as shown on the as-at day; a criterion's tests share a number.
-- Grain: rule.   Reads: rule, term_window.   Key: rule_id.
CREATE TEMP TABLE shown_rule ON COMMIT DROP AS
SELECT r.*, min(r.rule_id) OVER c AS criterion_no, r.test_no = min(r.test_no) OVER c AS is_first,
       coalesce(r.threshold, CASE WHEN r.ask IN ('open', 'seen') AND r.side = 'identified' THEN 1 END, r.at_most_share) AS shown_threshold,
       CASE WHEN r.window_n IS NULL THEN CAST(:as_at AS date) WHEN r.window_unit LIKE 'terms%' THEN w.starts_on
            ELSE assess.less(:as_at, r.window_n, r.window_unit) + 1 END AS window_start,
       CASE WHEN r.window_unit = 'terms' THEN w.ends_on ELSE CAST(:as_at AS date) END AS window_end
FROM rule r
LEFT JOIN term_window w ON w.n = r.window_n AND r.window_unit LIKE 'terms%' AND w.days @> CAST(:as_at AS date)
WINDOW c AS (PARTITION BY r.plan_id, r.side, r.problem, r.criterion)
