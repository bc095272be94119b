-- what:  stays that are no longer so, or not yet written
-- grain: person x stay that differs
-- reads: work_stay, work_resident, identity.stay (before this run)
-- key:   person_id, seen_from. was_home, home: null where there was or is none
CREATE TEMP TABLE work_stay_change ON COMMIT DROP AS
SELECT person_id, seen_from, was.home AS was_home, now.home, now.is_first, now.until, now.called
FROM work_stay now
FULL JOIN (SELECT s.* FROM work_resident JOIN identity.stay s USING (person_id)) was USING (person_id, seen_from)
WHERE (now.home, now.is_first, now.until, now.called) IS DISTINCT FROM (was.home, was.is_first, was.until, was.called)
