-- what:  the occupations of homes, each with its household and whether the home is a dwelling then. An occupation by mostly the same people
--        as an earlier one there is that household come back. How many people there were, and how many different surnames on the fullest
--        day, tell a dwelling from a communal address; so does the council's own list
-- grain: home x occupation
-- reads: work_at_home, work_occupation, work_communal
-- key:   home, occupation_no
CREATE TEMP TABLE work_occupied ON COMMIT DROP AS
WITH named AS (
    SELECT a.home, a.occupation_no, array_agg((a.seen_from, coalesce(a.until, 'infinity'), a.called)::identity.bearer) AS bearers
    FROM work_occupation o JOIN work_at_home a USING (home, occupation_no)
    WHERE o.n_people > :most_surnames AND o.n_people <= :most_people AND a.called IS NOT NULL
    GROUP BY a.home, a.occupation_no
), fullest AS (
    SELECT n.home, n.occupation_no,
           (SELECT max(surnames) FROM (SELECT count(DISTINCT b.surname) AS surnames
                                       FROM unnest(n.bearers) a JOIN unnest(n.bearers) b ON b.seen_from <= a.seen_from AND b.until > a.seen_from
                                       GROUP BY a.seen_from) day) AS surnames
    FROM named n
), returned AS (
    SELECT o.home, o.occupation_no, min(e.occupation_no) AS household_no
    FROM work_occupation o JOIN work_occupation e ON e.home = o.home AND e.occupation_no < o.occupation_no
    WHERE 2 * (SELECT count(*) FROM unnest(e.people) p WHERE p = ANY(o.people)) > greatest(e.n_people, o.n_people)
    GROUP BY o.home, o.occupation_no
)
SELECT o.home, o.occupation_no, o.seen_from, o.until, o.people, lag(o.until) OVER (PARTITION BY o.home ORDER BY o.occupation_no) AS free_from,
       coalesce(r.household_no, o.occupation_no) AS household_no,
       o.n_people > :most_people OR coalesce(f.surnames, 0) > :most_surnames
       OR o.home IN (SELECT home FROM work_communal) AS is_communal
FROM work_occupation o
LEFT JOIN fullest f ON f.home = o.home AND f.occupation_no = o.occupation_no
LEFT JOIN returned r ON r.home = o.home AND r.occupation_no = o.occupation_no
