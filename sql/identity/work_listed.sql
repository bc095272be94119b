-- what:  records that are read next, filled from tf_integration/identify/remembering.py
-- grain: source record
-- reads: -
-- key:   source_record_id
CREATE TEMP TABLE work_listed (
    source_record_id bigint NOT NULL
) ON COMMIT DROP
