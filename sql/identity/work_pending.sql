-- what:  records that came, changed, went or were spoken of since the last resolution; filled by work_pending__take
-- grain: source record
-- reads: -
-- key:   source_record_id
CREATE TEMP TABLE work_pending (
    source_record_id bigint PRIMARY KEY
) ON COMMIT DROP
