-- what:  where each person lives, from news to news: on every day with news the home that most partners then give;
--        among equals the latest news. One home at a time. And what most of the person's sightings call them
-- grain: person x stay
-- reads: work_sighting
-- key:   person_id, seen_from
CREATE TEMP TABLE work_stay ON COMMIT DROP AS
WITH news AS (
    SELECT DISTINCT person_id, seen_on AS day FROM work_sighting
), voted AS (
    SELECT DISTINCT ON (n.person_id, n.day) n.person_id, n.day, s.home
    FROM news n
    JOIN work_sighting s ON s.person_id = n.person_id AND s.seen_on <= n.day AND (s.until IS NULL OR s.until > n.day)
    GROUP BY n.person_id, n.day, s.home
    ORDER BY n.person_id, n.day, count(DISTINCT s.partner) DESC, max(s.seen_on) DESC, s.home COLLATE "C"
), moved AS (
    SELECT *, lag(home) OVER (PARTITION BY person_id ORDER BY day) AS before FROM voted
), named AS (
    SELECT person_id, mode() WITHIN GROUP (ORDER BY surname) AS called FROM work_sighting WHERE surname IS NOT NULL GROUP BY person_id
)
SELECT person_id, home, day AS seen_from, before IS NULL AS is_first,
       lead(day) OVER (PARTITION BY person_id ORDER BY day) AS until, called
FROM moved LEFT JOIN named USING (person_id)
WHERE home IS DISTINCT FROM before
