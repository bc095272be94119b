-- what:  the staged rows that say something new: new keys, changed rows, withdrawals
-- grain: staged row
-- reads: staged_row, core.fact
-- key:   line_no, and row_key
CREATE TEMP TABLE staged_touched ON COMMIT DROP AS
SELECT r.*
FROM staged_row r
WHERE NOT EXISTS (
    SELECT FROM core.fact f
    WHERE f.row_key = r.row_key AND f.row_digest = r.row_digest AND r.op = 'U'
      AND f.kind = ANY (CAST(:kinds AS text[])) AND f.known_to = 'infinity')
