-- what:  unchanged records to compare anew: all of a block that has become too large or is no longer so; filled from
--        tf_integration/identify/remembering.py
-- grain: source record
-- reads: -
-- key:   source_record_id
CREATE TEMP TABLE work_compared (
    source_record_id bigint NOT NULL
) ON COMMIT DROP
