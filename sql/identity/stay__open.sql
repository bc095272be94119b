-- what:  remember where they stay
-- grain: person x stay
-- reads: work_stay
-- key:   none
INSERT INTO identity.stay (person_id, home, seen_from, is_first, until) SELECT person_id, home, seen_from, is_first, until FROM work_stay
