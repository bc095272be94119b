-- what:  note what model and rules all was compared with, and how many records and persons there are
-- grain: the one row
-- reads: work_tally, identity.match_state
-- key:   only_row
INSERT INTO identity.match_state (made_by, n_records, n_waiting, n_persons)
SELECT :made_by, coalesce(s.n_records + t.records, (SELECT count(*) FROM core.source_record WHERE known_to = 'infinity')),
       coalesce(s.n_waiting + t.waiting, (SELECT count(*) FROM core.source_record r WHERE r.known_to = 'infinity' AND NOT EXISTS (
           SELECT FROM identity.person_link l WHERE l.source_record_id = r.source_record_id AND l.known_to = 'infinity'))),
       coalesce(s.n_persons + t.persons, (SELECT count(*) FROM identity.person_link WHERE known_to = 'infinity' AND person_id = source_record_id))
FROM work_tally t LEFT JOIN identity.match_state s ON s.only_row
ON CONFLICT (only_row) DO UPDATE
SET made_by = excluded.made_by, n_records = excluded.n_records, n_waiting = excluded.n_waiting, n_persons = excluded.n_persons
