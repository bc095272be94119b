-- what:  take withdrawals out of staging whose key is not known at their line
-- grain: staged row
-- reads: staged_keyed, core.fact
-- key:   line_no
WITH keyed AS (
    SELECT line_no, op, row_key, lag(op) OVER (PARTITION BY row_key ORDER BY line_no) AS before
    FROM staged_keyed
), unknown AS (
    SELECT k.line_no
    FROM keyed k
    WHERE k.op = 'D'
      AND (k.before = 'D'
           OR k.before IS NULL AND NOT EXISTS (
               SELECT FROM core.fact f
               WHERE f.row_key = k.row_key AND f.kind = ANY (CAST(:kinds AS text[])) AND f.known_to = 'infinity'))
)
DELETE FROM staging s USING unknown u WHERE s.line_no = u.line_no
RETURNING s.line_no
