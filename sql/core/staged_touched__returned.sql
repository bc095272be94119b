-- what:  the staged rows that came back after absence had ended one of their facts
-- grain: staged row
-- reads: staged_row, core.fact
-- key:   line_no
INSERT INTO staged_touched
SELECT r.*
FROM staged_row r
WHERE EXISTS (
    SELECT FROM core.fact f
    WHERE f.row_key = r.row_key AND f.ended_by = 'absence' AND f.kind = ANY (CAST(:kinds AS text[]))
      AND f.known_to = 'infinity')
  AND NOT EXISTS (SELECT FROM staged_touched t WHERE t.line_no = r.line_no)
