-- what:  all stays at the homes that are listed anew
-- grain: person x stay
-- reads: work_home, identity.stay
-- key:   person_id, seen_from
CREATE TEMP TABLE work_at_home ON COMMIT DROP AS
SELECT s.* FROM (SELECT DISTINCT home FROM work_home) h JOIN identity.stay s USING (home)
