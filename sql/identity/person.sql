-- what:  write new and changed persons. A person whose records have all gone to another keeps its row: closed links still name it
-- grain: person
-- reads: work_person_change
-- key:   person_id
INSERT INTO identity.person (person_id, date_of_birth, sex, run_id)
SELECT person_id, date_of_birth, sex, :run_id FROM work_person_change
ON CONFLICT (person_id) DO UPDATE
SET date_of_birth = excluded.date_of_birth, sex = excluded.sex, run_id = excluded.run_id
