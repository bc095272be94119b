-- what:  the households as they are now known
-- grain: household
-- reads: identity.household, identity.household_ref, identity.membership, identity.person, core.fact, assess.run, identity.run, assess.readiness
-- key:   household_id
-- columns:
--   household_id: the household; the same files give the same number
--   formed_on: the first day of its basis, where known
--   ended_on: the day from which it no longer stands, where it has ended
--   basis: what binds it: early_help, social_care, tenancy or address
--   adults: members of 18 or over on as_at
--   children: members under 18 on as_at
--   family_refs: the partners' family references that it answers to, in order
--   attached_on: the last day on or before as_at on which the family was attached to the programme
--   run_id: the identification run that wrote this version of the household
--   plan_id: the plan that last judged it, where one has
--   as_at: the day that adults, children and attached_on speak of: the latest run's
--   unknown_age: members on as_at whose date of birth nobody has given
CREATE OR REPLACE VIEW mart.household_v1 AS
WITH latest AS (
    SELECT coalesce((SELECT as_at FROM assess.run ORDER BY run_id DESC LIMIT 1),
                    (SELECT as_at FROM identity.run ORDER BY run_id DESC LIMIT 1), current_date) AS as_at
)
SELECT h.household_id,
       h.formed_on,
       h.ended_on,
       h.basis,
       m.adults,
       m.children,
       r.family_refs,
       a.attached_on,
       h.run_id,
       y.plan_id,
       latest.as_at,
       m.unknown_age
FROM identity.household h
CROSS JOIN latest
LEFT JOIN assess.readiness y ON y.household_id = h.household_id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE extract(year FROM age(latest.as_at, p.date_of_birth)) >= 18)::int AS adults,
           count(*) FILTER (WHERE extract(year FROM age(latest.as_at, p.date_of_birth)) < 18)::int AS children,
           count(*) FILTER (WHERE p.date_of_birth IS NULL)::int AS unknown_age
    FROM (SELECT DISTINCT b.person_id
          FROM identity.membership b
          WHERE b.household_id = h.household_id AND b.known_to = 'infinity' AND b.valid @> latest.as_at) b
    LEFT JOIN identity.person p ON p.person_id = b.person_id
) m
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT x.family_ref ORDER BY x.family_ref), '{}') AS family_refs
    FROM identity.household_ref x
    WHERE x.household_id = h.household_id AND x.known_to = 'infinity'
) r
CROSS JOIN LATERAL (
    SELECT max(f.starts_on) AS attached_on
    FROM identity.household_ref x
    JOIN core.fact f ON f.partner = x.partner AND f.family_ref = x.family_ref AND f.kind = 'family_attached'
                    AND f.known_to = 'infinity' AND f.starts_on <= latest.as_at
    WHERE x.household_id = h.household_id AND x.known_to = 'infinity'
) a
WHERE h.known_to = 'infinity'
