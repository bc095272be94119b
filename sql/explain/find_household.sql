-- what:  the households that a name may mean: its number, a partner's family reference, or `partner:reference`
-- grain: household
-- reads: identity.household, identity.household_ref
-- key:   household_id
SELECT h.household_id,
       array_agg(DISTINCT r.partner || ':' || r.family_ref ORDER BY r.partner || ':' || r.family_ref)
           FILTER (WHERE r.family_ref IS NOT NULL) AS refs,
       bool_or(h.known_to = 'infinity') AS stands
FROM identity.household h
LEFT JOIN identity.household_ref r ON r.household_id = h.household_id
WHERE h.household_id::text = :named
   OR h.household_id IN (SELECT x.household_id FROM identity.household_ref x
                         WHERE x.family_ref = :named OR x.partner || ':' || x.family_ref = :named)
GROUP BY h.household_id
ORDER BY stands DESC, h.household_id
