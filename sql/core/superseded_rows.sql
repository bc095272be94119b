-- what:  take rows of an increment out of staging that a later line of the same key overrules; what they say of the person is kept aside
-- grain: staged row
-- reads: staging_candidate, staged_keyed, staging
-- key:   line_no
WITH gone AS (
    DELETE FROM staging s
    USING (SELECT k.line_no, row_number() OVER (PARTITION BY k.row_key ORDER BY k.line_no DESC) AS place
           FROM staged_keyed k JOIN staging_candidate c USING (line_no)) d
    WHERE s.line_no = d.line_no AND d.place > 1
    RETURNING s.*
)
INSERT INTO staging_superseded SELECT * FROM gone
