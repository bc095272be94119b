-- what:  take rows out of staging whose key stands on an earlier line
-- grain: staged row
-- reads: staging_candidate, staged_keyed
-- key:   line_no
DELETE FROM staging s
USING (SELECT k.line_no, row_number() OVER (PARTITION BY k.row_key ORDER BY k.line_no) AS place
       FROM staged_keyed k JOIN staging_candidate c USING (line_no)) d
WHERE s.line_no = d.line_no AND d.place > 1
RETURNING s.line_no
