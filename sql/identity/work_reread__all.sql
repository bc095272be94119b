-- what:  every linked record, where all homes are read anew
-- grain: source record
-- reads: identity.person_link
-- key:   source_record_id
CREATE TEMP TABLE work_reread ON COMMIT DROP AS
SELECT source_record_id FROM identity.person_link WHERE known_to = 'infinity'
