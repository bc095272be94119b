-- what:  which UPRN they give with it now
-- grain: written address x UPRN
-- reads: work_reread, identity.sighting
-- key:   written, uprn, is_now
INSERT INTO work_written
SELECT DISTINCT s.written, s.uprn, true
FROM work_reread JOIN identity.sighting s USING (source_record_id) WHERE s.written IS NOT NULL AND s.uprn IS NOT NULL
