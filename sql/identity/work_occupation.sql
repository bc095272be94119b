-- what:  who was at a home together, from when until when
-- grain: home x occupation
-- reads: work_at_home
-- key:   home, occupation_no
CREATE TEMP TABLE work_occupation ON COMMIT DROP AS
SELECT home, occupation_no, min(seen_from) AS seen_from, max(coalesce(until, 'infinity')) AS until,
       array_agg(DISTINCT person_id) AS people, count(DISTINCT person_id) AS n_people
FROM work_at_home GROUP BY home, occupation_no
