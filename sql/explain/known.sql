-- what:  when a household was known, and whether it was at an instant (now, when none is given)
-- grain: time in which it was known without a break
-- reads: identity.household
-- key:   known_from
SELECT lower(s) AT TIME ZONE 'UTC' AS known_from, nullif(upper(s), 'infinity') AT TIME ZONE 'UTC' AS known_to,
       s @> coalesce(CAST(:known_at AS timestamptz), core.instant()) AS is_then
FROM (SELECT unnest(range_agg(tstzrange(known_from, known_to))) AS s FROM identity.household WHERE household_id = :household_id) h
ORDER BY known_from
