-- what:  what became of each household, in order: who joined, left, returned, was born or came of age, and where its people went or came from
-- grain: event
-- reads: identity.membership, identity.household, identity.person, identity.run
-- key:   household_id, happened_on, event, person_id, other_household_id
-- columns:
--   household_id: the household
--   happened_on: the day; an unknown first day (always) is no event
--   event: formed, ended, born, joined, returned, came_of_age, left, moved, split, came_from
--   person_id: whom it concerns; blank where it concerns several
--   other_household_id: where they went (moved: everybody who was left; split: some) or came from
--   persons: how many people it concerns
--   says: the event in words
--   run_id: the identification run that wrote what it rests on
CREATE OR REPLACE VIEW mart.household_event_v1 AS
WITH spell AS NOT MATERIALIZED (
    SELECT household_id, person_id, lower(valid) AS from_on, upper(valid) AS to_on, run_id
    FROM identity.membership WHERE known_to = 'infinity'
)
SELECT h.household_id, h.formed_on AS happened_on, 'formed' AS event, CAST(NULL AS bigint) AS person_id,
       CAST(NULL AS bigint) AS other_household_id, 0 AS persons, 'the household came to be' AS says, h.run_id
FROM identity.household h WHERE h.known_to = 'infinity' AND h.formed_on IS NOT NULL
UNION ALL
SELECT h.household_id, h.ended_on, 'ended', NULL, NULL, 0, 'nobody is of the household any more', h.run_id
FROM identity.household h WHERE h.known_to = 'infinity' AND h.ended_on IS NOT NULL
UNION ALL
SELECT s.household_id, s.from_on, e.event, s.person_id, NULL, 1,
       CASE e.event WHEN 'born' THEN 'a child was born into the household' WHEN 'returned' THEN 'a member came back'
                    ELSE 'a member joined' END, s.run_id
FROM (SELECT *, lag(to_on) OVER (PARTITION BY household_id, person_id ORDER BY from_on NULLS FIRST) AS left_on FROM spell) s
LEFT JOIN identity.person p ON p.person_id = s.person_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN p.date_of_birth = s.from_on THEN 'born' WHEN s.left_on IS NOT NULL THEN 'returned' ELSE 'joined' END AS event
) e
WHERE s.from_on IS NOT NULL
UNION ALL
SELECT s.household_id, s.to_on, 'left', s.person_id, NULL, 1, 'a member left', s.run_id
FROM spell s WHERE s.to_on IS NOT NULL
UNION ALL
SELECT s.household_id, a.of_age_on, 'came_of_age', s.person_id, NULL, 1, 'a child of the household turned 18', s.run_id
FROM spell s
JOIN identity.person p ON p.person_id = s.person_id
CROSS JOIN LATERAL (
    SELECT CAST(p.date_of_birth + interval '18 years' AS date)
           + CASE WHEN to_char(p.date_of_birth, 'MMDD') = '0229' THEN 1 ELSE 0 END AS of_age_on
) a
WHERE a.of_age_on <= (SELECT as_at FROM identity.run ORDER BY run_id DESC LIMIT 1)
  AND s.from_on <= a.of_age_on AND (s.to_on IS NULL OR a.of_age_on < s.to_on)
UNION ALL
SELECT g.household_id, g.to_on, CASE WHEN stays.n = 0 THEN 'moved' ELSE 'split' END, NULL, g.other_id, g.persons,
       CASE WHEN stays.n = 0 THEN 'nobody stayed; these went on to another household' ELSE 'some went on to another household' END, g.run_id
FROM (SELECT s.household_id, s.to_on, n.household_id AS other_id, count(DISTINCT s.person_id)::int AS persons, max(s.run_id) AS run_id
      FROM spell s JOIN spell n ON n.person_id = s.person_id AND n.from_on = s.to_on AND n.household_id <> s.household_id
      GROUP BY s.household_id, s.to_on, n.household_id) g
CROSS JOIN LATERAL (
    SELECT count(DISTINCT o.person_id) AS n
    FROM spell o
    WHERE o.household_id = g.household_id AND (o.from_on IS NULL OR o.from_on <= g.to_on) AND (o.to_on IS NULL OR o.to_on > g.to_on)
) stays
UNION ALL
SELECT n.household_id, n.from_on, 'came_from', NULL, s.household_id, count(DISTINCT n.person_id)::int,
       'some came from another household', max(n.run_id)
FROM spell n JOIN spell s ON s.person_id = n.person_id AND s.to_on = n.from_on AND s.household_id <> n.household_id
WHERE n.from_on IS NOT NULL
GROUP BY n.household_id, n.from_on, s.household_id
