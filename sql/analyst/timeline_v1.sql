-- what:  what is now known of persons, under pseudonyms; files, lines and partners' references are not told
-- grain: event of a person
-- reads: core.fact, core.kind, identity.person_link, identity.person, identity.pseudonym_key
-- key:   event_pseudonym, person_pseudonym
-- columns:
--   person_pseudonym: the person, the same in every view of this schema
--   event_pseudonym: the event
--   happened_on: the day it happened or began; blank means always. Where somebody belongs or lives, and what begins at a birth: the month
--   ended_on: the first day after it, or the end of its period; the month likewise
--   kind: the kind of fact
--   domain: school, crime, care, work, housing, health or family
--   quantity: sessions or pounds, where the kind counts something
--   out_of: sessions possible, where the kind counts them
CREATE OR REPLACE VIEW analyst.timeline_v1 AS
SELECT encode(sha256(k.key || sha256(k.key || int8send(l.person_id))), 'hex') AS person_pseudonym,
       encode(sha256(k.key || sha256(k.key || int8send(f.fact_id))), 'hex') AS event_pseudonym,
       CASE WHEN m.is_month THEN date_trunc('month', f.starts_on)::date ELSE f.starts_on END AS happened_on,
       CASE WHEN m.is_month THEN date_trunc('month', f.ends_on)::date ELSE f.ends_on END AS ended_on,
       f.kind,
       d.domain,
       f.quantity,
       f.out_of
FROM identity.person_link l
JOIN core.fact f ON f.source_record_id = l.source_record_id AND f.known_to = 'infinity'
JOIN core.kind d ON d.kind = f.kind
LEFT JOIN identity.person p ON p.person_id = l.person_id
-- a child belongs to a family, and lives in a tenancy, from the day of its birth
CROSS JOIN LATERAL (SELECT f.kind IN ('family_member', 'tenancy') OR f.starts_on = p.date_of_birth AS is_month) m
CROSS JOIN identity.pseudonym_key k
WHERE l.known_to = 'infinity'
