-- what:  who was at a home together. Stays that overlap are one occupation; when all have left, who comes next is another. An occupation
--        by mostly the same people as an earlier one there is that household come back. How many people there were, and how many
--        different surnames on the fullest day, tell a dwelling from a communal address; so does the council's own list
-- grain: home x occupation
-- reads: work_stay, work_sighting, identity.communal
-- key:   home, occupation_no
CREATE TEMP TABLE work_occupied ON COMMIT DROP AS
WITH ordered AS (
    SELECT *, max(coalesce(until, 'infinity')) OVER (PARTITION BY home ORDER BY seen_from, person_id
                                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
    FROM work_stay
), numbered AS (
    SELECT *, count(*) FILTER (WHERE taken_until IS NULL OR seen_from >= taken_until)
              OVER (PARTITION BY home ORDER BY seen_from, person_id) AS occupation_no
    FROM ordered
), occupation AS (
    SELECT home, occupation_no, min(seen_from) AS seen_from, max(coalesce(until, 'infinity')) AS until,
           array_agg(DISTINCT person_id) AS people
    FROM numbered GROUP BY home, occupation_no
), called AS (
    SELECT person_id, mode() WITHIN GROUP (ORDER BY surname) AS surname FROM work_sighting WHERE surname IS NOT NULL GROUP BY person_id
), together AS (
    SELECT a.home, a.occupation_no, a.seen_from, a.person_id, count(DISTINCT c.surname) AS surnames
    FROM numbered a
    JOIN occupation o ON o.home = a.home AND o.occupation_no = a.occupation_no
                     AND cardinality(o.people) > :most_surnames AND cardinality(o.people) <= :most_people
    JOIN numbered b ON b.home = a.home AND b.occupation_no = a.occupation_no
                   AND b.seen_from <= a.seen_from AND coalesce(b.until, 'infinity') > a.seen_from
    JOIN called c ON c.person_id = b.person_id
    GROUP BY a.home, a.occupation_no, a.seen_from, a.person_id
), fullest AS (
    SELECT home, occupation_no, max(surnames) AS surnames FROM together GROUP BY home, occupation_no
), known AS (
    SELECT 'uprn ' || uprn AS home FROM identity.communal WHERE uprn IS NOT NULL
    UNION
    SELECT s.home FROM work_sighting s JOIN identity.communal c ON c.written = s.written
)
SELECT o.home, o.occupation_no, o.seen_from, o.until, o.people, lag(o.until) OVER (PARTITION BY o.home ORDER BY o.occupation_no) AS free_from,
       coalesce((SELECT min(e.occupation_no) FROM occupation e
                 WHERE e.home = o.home AND e.occupation_no < o.occupation_no
                   AND 2 * (SELECT count(*) FROM unnest(e.people) p WHERE p = ANY(o.people)) > greatest(cardinality(e.people), cardinality(o.people))),
                o.occupation_no) AS household_no,
       cardinality(o.people) > :most_people OR coalesce(f.surnames, 0) > :most_surnames
       OR o.home IN (SELECT home FROM known) AS is_communal
FROM occupation o LEFT JOIN fullest f USING (home, occupation_no)
