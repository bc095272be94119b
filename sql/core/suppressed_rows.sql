-- what:  take rows of people who were erased out of what was staged: they are read, counted and not kept
-- grain: staged row
-- reads: staging, staging_source, keep.suppressed
-- key:   line_no
DELETE FROM staging s
USING staging_source d
WHERE keep.digest(d.partner, s.person_ref) IN (SELECT digest FROM keep.suppressed)
RETURNING s.person_ref
