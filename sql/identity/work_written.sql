-- what:  written addresses of which some record said or says something else: which UPRN is theirs may change
-- grain: written address
-- reads: work_reread, identity.sighting (before this run)
-- key:   none
CREATE TEMP TABLE work_written ON COMMIT DROP AS
SELECT DISTINCT s.written FROM work_reread JOIN identity.sighting s USING (source_record_id) WHERE s.written IS NOT NULL
