-- what:  who belongs to each household, and when, under pseudonyms; days of a spell by month, since a child's first may be its birth date
-- grain: member spell
-- reads: identity.membership, identity.run, identity.person, identity.person_link, core.source_record, identity.pseudonym_key
-- key:   none
-- columns:
--   household_pseudonym: the household, the same in every view of this schema
--   person_pseudonym: the person, the same in every view of this schema
--   relationship: as the source says it (mother, child, tenant ...), where it does
--   valid_from: the first day of the month in which the spell begins; blank means always
--   valid_to: the first day of the month in which it ends; blank means still
--   basis: what the membership rests on: early_help, social_care, tenancy or address
--   born_month: the first day of the month of birth; blank where it is not known
--   sex: M, F or U
--   postcode_sector: of the newest postcode that a partner gave, less its last two letters
--   resident: whether the member lives there, where the source says
--   run_id: the identification run that wrote the spell
--   as_at: that run's day
CREATE OR REPLACE VIEW analyst.household_member_v1 AS
SELECT encode(sha256(k.key || sha256(k.key || int8send(m.household_id))), 'hex') AS household_pseudonym,
       encode(sha256(k.key || sha256(k.key || int8send(m.person_id))), 'hex') AS person_pseudonym,
       m.relationship,
       date_trunc('month', lower(m.valid))::date AS valid_from,
       date_trunc('month', upper(m.valid))::date AS valid_to,
       m.basis,
       date_trunc('month', p.date_of_birth)::date AS born_month,
       p.sex,
       h.sector AS postcode_sector,
       m.resident,
       m.run_id,
       n.as_at
FROM identity.membership m
CROSS JOIN identity.pseudonym_key k
JOIN identity.person p USING (person_id)
LEFT JOIN identity.run n ON n.run_id = m.run_id
LEFT JOIN LATERAL (
    SELECT regexp_replace(upper(btrim(s.postcode)), '\s*(\d)[A-Z]{2}$', ' \1') AS sector
    FROM identity.person_link l JOIN core.source_record s USING (source_record_id)
    WHERE l.person_id = m.person_id AND l.known_to = 'infinity' AND s.known_to = 'infinity' AND upper(btrim(s.postcode)) ~ '\d[A-Z]{2}$'
    ORDER BY s.known_from DESC, s.source_record_id LIMIT 1) h ON true
WHERE m.known_to = 'infinity'
