-- What:  the days on which a household certainly, or possibly, holds a dependent child.
-- Grain: household.   Reads: member.   Key: household_id.
CREATE TEMP TABLE child_days ON COMMIT DROP AS
SELECT household_id,
       coalesce(range_agg(valid * child) FILTER (WHERE is_dated), '{}') AS sure,
       -- one person of unknown age cannot be both the adult and the child
       CASE WHEN count(DISTINCT person_id) > 1 THEN coalesce(range_agg(valid) FILTER (WHERE NOT is_dated), '{}') ELSE '{}' END AS possible_beside,
       coalesce(range_agg(valid) FILTER (WHERE NOT is_dated), '{}') AS possible
FROM member GROUP BY household_id
