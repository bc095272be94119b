-- what:  candidates refused because one before them, which nothing can refuse any more, shares a child. A candidate that is refused
--        refuses nobody: ask again until none is found
-- grain: household
-- reads: candidate, claim.exclusion
-- key:   household_id
WITH child AS MATERIALIZED (
    SELECT c.household_id, c.plan_id, c.nth, v.person_id FROM candidate c, unnest(c.children) v(person_id) WHERE c.refused IS NULL
), rival AS (
    SELECT b.household_id, a.household_id AS other, a.nth
    FROM child a
    JOIN child b ON b.person_id = a.person_id AND b.nth > a.nth
    JOIN claim.exclusion x ON x.plan_id = a.plan_id AND x.other = b.plan_id
)
UPDATE candidate c SET refused = 'it shares a child with household ' || r.other
FROM (SELECT DISTINCT ON (household_id) household_id, other FROM rival
      WHERE other NOT IN (SELECT household_id FROM rival) ORDER BY household_id, nth) r
WHERE r.household_id = c.household_id
