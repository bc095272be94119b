-- what:  who the records that are looked at were until now; filled by work_linked__more or work_linked__all
-- grain: source record that has a person
-- reads: identity.person_link (its columns)
-- key:   source_record_id
CREATE TEMP TABLE work_linked ON COMMIT DROP AS
SELECT source_record_id, person_id, match_weight, decided_by, because FROM identity.person_link
WITH NO DATA
