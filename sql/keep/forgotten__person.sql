-- what:  the persons of whom nothing but what is forgotten is known
-- grain: person
-- reads: identity.person_link, identity.person, forgotten
-- key:   person_id
CREATE TEMP TABLE forgotten_person ON COMMIT DROP AS
SELECT p.person_id
FROM identity.person p
WHERE p.person_id IN (SELECT l.person_id FROM identity.person_link l JOIN forgotten f USING (source_record_id))
  AND NOT EXISTS (SELECT FROM identity.person_link l
                  WHERE l.person_id = p.person_id AND l.known_to = 'infinity'
                    AND l.source_record_id NOT IN (SELECT source_record_id FROM forgotten))
