-- what:  the written addresses that those records give now
-- grain: written address
-- reads: work_reread, identity.sighting
-- key:   none
INSERT INTO work_written
SELECT DISTINCT s.written FROM work_reread JOIN identity.sighting s USING (source_record_id) WHERE s.written IS NOT NULL
