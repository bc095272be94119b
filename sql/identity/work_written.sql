-- what:  which UPRN those records gave with a written address until now
-- grain: written address x UPRN
-- reads: work_reread, identity.sighting (before this run)
-- key:   written, uprn, is_now. Filled up by work_written__now
CREATE TEMP TABLE work_written ON COMMIT DROP AS
SELECT DISTINCT s.written, s.uprn, false AS is_now
FROM work_reread JOIN identity.sighting s USING (source_record_id) WHERE s.written IS NOT NULL AND s.uprn IS NOT NULL
