-- what:  homes that were left or entered, or are so by what is known now: those whose people stay there are listed anew; filled up by
--        work_home__now and work_home__communal
-- grain: home
-- reads: work_resident, identity.stay (before this run)
-- key:   none
CREATE TEMP TABLE work_home ON COMMIT DROP AS
SELECT DISTINCT s.home FROM work_resident JOIN identity.stay s USING (person_id)
