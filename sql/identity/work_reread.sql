-- what:  records whose homes are to be read anew: new, changed and gone ones
-- grain: source record
-- reads: work_pending
-- key:   source_record_id
CREATE TEMP TABLE work_reread ON COMMIT DROP AS
SELECT source_record_id FROM work_pending
