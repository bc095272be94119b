-- What:  each test beside each kind of fact that it reads, with the kind's shape; equal windows share a number.
-- Grain: rule x match.   Reads: rule, rule_match, core.kind.   Key: none.
CREATE TEMP TABLE asked ON COMMIT DROP AS
SELECT r.*, dense_rank() OVER (ORDER BY r.window_n, r.window_unit) AS window_no, m.kind, k.shape, m.code, m.outcome, m.not_outcome, m.role, m.flagged
FROM rule r JOIN rule_match m USING (rule_id) JOIN core.kind k USING (kind)
