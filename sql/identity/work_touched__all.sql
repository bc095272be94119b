-- what:  every record that stands or is linked, where all is compared anew
-- grain: source record
-- reads: core.source_record, identity.person_link, work_changed
-- key:   source_record_id
CREATE TEMP TABLE work_touched ON COMMIT DROP AS
SELECT source_record_id, 0 AS step FROM core.source_record WHERE known_to = 'infinity'
UNION
SELECT source_record_id, 0 FROM identity.person_link WHERE known_to = 'infinity'
UNION
SELECT source_record_id, 0 FROM work_changed
