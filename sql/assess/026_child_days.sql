-- What:  the days on which a household certainly, or possibly, holds a dependent child; `possible_beside`: beside somebody else
--        who may be the adult (one person of unknown age cannot be both).
-- Grain: household.   Reads: member.   Key: household_id.
CREATE TEMP TABLE child_days ON COMMIT DROP AS
WITH beside AS (
    SELECT m.household_id, range_agg(m.valid * o.valid * CASE WHEN o.is_dated THEN o.adult ELSE '(,)' END) AS days
    FROM member m JOIN member o ON o.household_id = m.household_id AND o.person_id <> m.person_id
    WHERE NOT m.is_dated
    GROUP BY m.household_id
)
SELECT m.household_id,
       coalesce(range_agg(m.valid * m.child) FILTER (WHERE m.is_dated), '{}') AS sure,
       coalesce(range_agg(m.valid) FILTER (WHERE NOT m.is_dated), '{}') AS possible,
       coalesce(b.days, '{}') AS possible_beside
FROM member m LEFT JOIN beside b USING (household_id)
GROUP BY m.household_id, b.days
