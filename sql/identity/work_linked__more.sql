-- what:  all records of the persons of the last step's records, where no earlier step has brought them
-- grain: source record that has a person
-- reads: work_touched, work_linked, identity.person_link (before this run)
-- key:   source_record_id
INSERT INTO work_linked
SELECT l.source_record_id, l.person_id, l.match_weight, l.decided_by, l.because
FROM (SELECT DISTINCT k.person_id
      FROM work_touched t
      CROSS JOIN LATERAL (SELECT o.person_id FROM identity.person_link o
                          WHERE o.source_record_id = t.source_record_id AND o.known_to = 'infinity' OFFSET 0) k
      WHERE t.step = :step AND t.source_record_id NOT IN (SELECT source_record_id FROM work_linked)) mine
CROSS JOIN LATERAL (SELECT * FROM identity.person_link p WHERE p.person_id = mine.person_id AND p.known_to = 'infinity' OFFSET 0) l
