-- what:  homes at which somebody stays otherwise than before: those whose people stay there are listed anew; filled up by work_home__communal
-- grain: home
-- reads: work_stay_change
-- key:   none
CREATE TEMP TABLE work_home ON COMMIT DROP AS
SELECT was_home AS home FROM work_stay_change WHERE was_home IS NOT NULL
UNION
SELECT home FROM work_stay_change WHERE home IS NOT NULL
