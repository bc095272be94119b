-- what:  remember the stays that are so now
-- grain: person x stay
-- reads: work_stay_change
-- key:   person_id, seen_from
INSERT INTO identity.stay (person_id, home, seen_from, is_first, until, called)
SELECT person_id, home, seen_from, is_first, until, called FROM work_stay_change WHERE home IS NOT NULL
