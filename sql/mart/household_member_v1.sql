-- what:  who belongs to each household, and when
-- grain: member spell
-- reads: identity.membership, identity.run
-- key:   household_id, person_id, valid_from
-- columns:
--   household_id: the household
--   person_id: the person
--   relationship: as the source says it (mother, child, tenant ...), where it does
--   valid_from: the first day of the spell; blank means always
--   valid_to: the first day after the spell; blank means still
--   basis: what the membership rests on: early_help, social_care, tenancy or address
--   confidence: 1 when a partner lists the person; less when the address alone says so
--   run_id: the identification run that wrote the spell
--   as_at: that run's day
--   resident: whether the member lives there, where the source says; a listed non-resident counts in every rule all the same
CREATE OR REPLACE VIEW mart.household_member_v1 AS
SELECT m.household_id,
       m.person_id,
       m.relationship,
       lower(m.valid) AS valid_from,
       upper(m.valid) AS valid_to,
       m.basis,
       m.confidence,
       m.run_id,
       n.as_at,
       m.resident
FROM identity.membership m
LEFT JOIN identity.run n ON n.run_id = m.run_id
WHERE m.known_to = 'infinity'
