-- what:  which person each partner's record is, and what decided it
-- grain: source record
-- reads: core.source_record, identity.person_link, identity.run
-- key:   source_record_id
-- columns:
--   person_id: the person; blank while the record waits for the feed that introduces it
--   feed: the feed that holds the record
--   partner: whose record it is
--   person_ref: the partner's own identifier of the person
--   match_weight: the model's weight; blank when an identifier or a person decided
--   decided_by: identifier, model or person
--   known_from: when the latest version of the record came
--   known_to: when the record was withdrawn; blank while it stands
--   source_record_id: the record
--   because: the rule that decided, in words
--   introduces: whether the feed carries particulars of the person
--   linked_from: when the link was made
--   run_id: the identification run that made the link
--   as_at: that run's day
CREATE OR REPLACE VIEW mart.person_source_v1 AS
SELECT k.person_id,
       s.feed,
       s.partner,
       s.person_ref,
       k.match_weight,
       k.decided_by,
       s.known_from,
       nullif(s.known_to, 'infinity') AS known_to,
       s.source_record_id,
       k.because,
       s.introduces,
       k.known_from AS linked_from,
       k.run_id,
       n.as_at
FROM core.source_record s
LEFT JOIN identity.person_link k ON k.source_record_id = s.source_record_id AND k.known_to = 'infinity'
LEFT JOIN identity.run n ON n.run_id = k.run_id
WHERE NOT EXISTS (SELECT 1 FROM core.source_record later
                  WHERE later.source_record_id = s.source_record_id AND later.known_from > s.known_from)
