-- what:  the staged rows with their keys and digests, computed once
-- grain: staged row
-- reads: staged_keyed
-- key:   line_no, and row_key
CREATE TEMP TABLE staged_row ON COMMIT DROP AS
SELECT line_no, op, person_ref, row_key, row_digest FROM staged_keyed
