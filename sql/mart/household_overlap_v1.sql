-- what:  households whose every member on the latest day is also of another household that holds more, or the same people on a stronger basis:
--        the same family seen twice, in part
-- grain: household x household that holds all its members
-- reads: identity.membership, identity.household, identity.run
-- key:   household_id, within_id
-- columns:
--   household_id: the household that lies within the other
--   within_id: the household that holds all its members
--   members: how many members the first has on as_at
--   members_within: how many the other has
--   run_id: the latest identification run
--   as_at: its day
CREATE OR REPLACE VIEW mart.household_overlap_v1 AS
WITH latest AS (
    SELECT run_id, as_at FROM identity.run ORDER BY run_id DESC LIMIT 1
), held AS (
    SELECT DISTINCT m.household_id, m.person_id
    FROM identity.membership m CROSS JOIN latest
    WHERE m.known_to = 'infinity' AND m.valid @> latest.as_at
), size AS (
    SELECT household_id, count(*)::int AS members FROM held GROUP BY household_id
), several AS (
    SELECT person_id FROM held GROUP BY person_id HAVING count(*) > 1
), shared AS (
    SELECT a.household_id, b.household_id AS within_id, count(*)::int AS both_hold
    FROM several JOIN held a USING (person_id) JOIN held b ON b.person_id = a.person_id AND b.household_id <> a.household_id
    GROUP BY a.household_id, b.household_id
)
SELECT s.household_id, s.within_id, mine.members, theirs.members AS members_within, latest.run_id, latest.as_at
FROM shared s
CROSS JOIN latest
JOIN size mine ON mine.household_id = s.household_id AND mine.members = s.both_hold
JOIN size theirs ON theirs.household_id = s.within_id
JOIN identity.household hm ON hm.household_id = s.household_id AND hm.known_to = 'infinity'
JOIN identity.household ht ON ht.household_id = s.within_id AND ht.known_to = 'infinity'
WHERE theirs.members > mine.members
   OR (array_position(ARRAY['early_help', 'social_care', 'tenancy', 'address'], ht.basis), s.within_id)
    < (array_position(ARRAY['early_help', 'social_care', 'tenancy', 'address'], hm.basis), s.household_id)
