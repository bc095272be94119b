-- what:  homes that have become communal or are so no longer
-- grain: home
-- reads: work_communal, identity.communal_home
-- key:   none
INSERT INTO work_home
SELECT coalesce(now.home, was.home) FROM work_communal now FULL JOIN identity.communal_home was USING (home)
WHERE now.home IS NULL OR was.home IS NULL
