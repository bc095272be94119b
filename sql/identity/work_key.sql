-- what:  the blocks of changed records as they are now, filled from tf_integration/identify/remembering.py
-- grain: block x source record
-- reads: -
-- key:   none. born as in identity.match_key
CREATE TEMP TABLE work_key (
    key              bigint NOT NULL,
    source_record_id bigint NOT NULL,
    born             int NOT NULL
) ON COMMIT DROP
