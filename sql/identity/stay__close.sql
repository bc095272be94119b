-- what:  forget the stays that are no longer so
-- grain: person x stay
-- reads: work_stay_change
-- key:   person_id, seen_from
DELETE FROM identity.stay s USING work_stay_change c
WHERE c.was_home IS NOT NULL AND s.person_id = c.person_id AND s.seen_from = c.seen_from
