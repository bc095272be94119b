-- what:  who every record was until now, where all is compared anew
-- grain: source record that has a person
-- reads: identity.person_link (before this run)
-- key:   source_record_id
INSERT INTO work_linked
SELECT source_record_id, person_id, match_weight, decided_by, because FROM identity.person_link WHERE known_to = 'infinity'
