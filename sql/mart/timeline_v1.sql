-- what:  everything now known of a household's members and of the family, each with its source
-- grain: event (a member's fact appears once in each household of that person; with a blank household when in none)
-- reads: core.fact, core.kind, identity.person_link, identity.membership, identity.household_ref, landing.delivery
-- key:   household_id, person_id, fact_id
-- columns:
--   household_id: the household; blank for a person in none
--   person_id: the person; blank for a fact about the family
--   happened_on: the day it happened or began; blank means always
--   ended_on: the first day after it, or the end of its period
--   kind: the kind of fact
--   domain: school, crime, care, work, housing, health or family
--   says: the fact in plain words
--   feed: the feed it came by
--   file_name: the partner's file
--   line_no: the line of that file, the header being line 1
--   known_from: when the warehouse came to know it
--   while_member: whether any day of it fell while the person was a member; true for the family's own facts
--   partner: whose fact it is
--   fact_id: the fact
CREATE OR REPLACE VIEW mart.timeline_v1 AS
SELECT t.household_id,
       t.person_id,
       t.starts_on AS happened_on,
       t.ends_on AS ended_on,
       t.kind,
       k.domain,
       t.says,
       t.feed,
       d.file_name,
       t.line_no,
       t.known_from,
       t.while_member,
       t.partner,
       t.fact_id
FROM (
    SELECT m.household_id, p.person_id, f.starts_on, f.ends_on, f.kind, f.feed, f.line_no, f.known_from, f.partner, f.fact_id,
           f.delivery_id, mart.in_words(f, k.says) AS says,
           m.spells && daterange(f.starts_on, CASE WHEN f.ends_on IS NOT NULL OR k.shape = 'event'
                                                   THEN greatest(f.ends_on, f.starts_on + 1) END) AS while_member
    FROM identity.person_link p
    JOIN core.fact f ON f.source_record_id = p.source_record_id AND f.known_to = 'infinity'
    JOIN core.kind k ON k.kind = f.kind
    LEFT JOIN (SELECT b.household_id, b.person_id, range_agg(b.valid) AS spells
               FROM identity.membership b
               WHERE b.known_to = 'infinity'
               GROUP BY b.household_id, b.person_id) m ON m.person_id = p.person_id
    WHERE p.known_to = 'infinity'
    UNION ALL
    SELECT x.household_id, NULL, f.starts_on, f.ends_on, f.kind, f.feed, f.line_no, f.known_from, f.partner, f.fact_id,
           f.delivery_id, mart.in_words(f, k.says), true
    FROM identity.household_ref x
    JOIN core.fact f ON f.partner = x.partner AND f.family_ref = x.family_ref AND f.source_record_id IS NULL
                    AND f.known_to = 'infinity'
    JOIN core.kind k ON k.kind = f.kind
    WHERE x.known_to = 'infinity'
) t
JOIN core.kind k ON k.kind = t.kind
LEFT JOIN landing.delivery d ON d.delivery_id = t.delivery_id
