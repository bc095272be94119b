-- what:  the blocks of changed records as they are now, filled from tf_integration/identify/remembering.py
-- grain: block x source record
-- reads: -
-- key:   none
CREATE TEMP TABLE work_key (
    key              bigint NOT NULL,
    source_record_id bigint NOT NULL
) ON COMMIT DROP
