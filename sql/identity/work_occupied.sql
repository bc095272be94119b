-- what:  who was at a home together. Stays that overlap are one occupation; when all have left, who comes next is another. An occupation
--        by mostly the same people as an earlier one there is that household come back. How many people there were, and how many
--        different surnames on the fullest day, tell a dwelling from a communal address; so does the council's own list
-- grain: home x occupation
-- reads: work_at_home, work_communal, identity.person_link, identity.sighting
-- key:   home, occupation_no
CREATE TEMP TABLE work_occupied ON COMMIT DROP AS
WITH ordered AS (
    SELECT *, max(coalesce(until, 'infinity')) OVER (PARTITION BY home ORDER BY seen_from, person_id
                                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
    FROM work_at_home
), numbered AS (
    SELECT *, count(*) FILTER (WHERE taken_until IS NULL OR seen_from >= taken_until)
              OVER (PARTITION BY home ORDER BY seen_from, person_id) AS occupation_no
    FROM ordered
), occupation AS (
    SELECT home, occupation_no, min(seen_from) AS seen_from, max(coalesce(until, 'infinity')) AS until,
           array_agg(DISTINCT person_id) AS people
    FROM numbered GROUP BY home, occupation_no
), called AS (
    SELECT l.person_id, mode() WITHIN GROUP (ORDER BY s.surname) AS surname
    FROM (SELECT DISTINCT unnest(people) AS person_id FROM occupation
          WHERE cardinality(people) > :most_surnames AND cardinality(people) <= :most_people) p
    JOIN identity.person_link l ON l.person_id = p.person_id AND l.known_to = 'infinity'
    JOIN identity.sighting s ON s.source_record_id = l.source_record_id
    WHERE s.surname IS NOT NULL GROUP BY l.person_id
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
), returned AS (
    SELECT o.home, o.occupation_no, min(e.occupation_no) AS household_no
    FROM occupation o JOIN occupation e ON e.home = o.home AND e.occupation_no < o.occupation_no
    WHERE 2 * (SELECT count(*) FROM unnest(e.people) p WHERE p = ANY(o.people)) > greatest(cardinality(e.people), cardinality(o.people))
    GROUP BY o.home, o.occupation_no
)
SELECT o.home, o.occupation_no, o.seen_from, o.until, o.people, lag(o.until) OVER (PARTITION BY o.home ORDER BY o.occupation_no) AS free_from,
       coalesce(r.household_no, o.occupation_no) AS household_no,
       cardinality(o.people) > :most_people OR coalesce(f.surnames, 0) > :most_surnames
       OR o.home IN (SELECT home FROM work_communal) AS is_communal
FROM occupation o
LEFT JOIN fullest f USING (home, occupation_no)
LEFT JOIN returned r USING (home, occupation_no)
