-- What:  one person of a worked example, always a member of its household.
-- Grain: one person.   Reads: nothing.   Key: person_id.
WITH record AS (
    INSERT INTO core.source_record (source_record_id, partner, feed, person_ref, introduces, first_snapshot_on, delivery_id,
                                    line_no, known_from, known_to)
    VALUES (:person, 'example', 'example', :name, true, '2000-01-01', :delivery, 1, :known_from, :known_to)
), person AS (
    INSERT INTO identity.person (person_id, date_of_birth, run_id) VALUES (:person, :born, 0)
), link AS (
    INSERT INTO identity.person_link (source_record_id, person_id, decided_by, because, run_id, known_from, known_to)
    VALUES (:person, :person, 'identifier', 'example', 0, :known_from, :known_to)
)
INSERT INTO identity.membership (household_id, person_id, valid, basis, run_id, known_from, known_to)
VALUES (:household, :person, '(,)', 'early_help', 0, :known_from, :known_to)
