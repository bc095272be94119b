-- what:  drop versions that only the steps of the replay made; nobody ever knew them
-- grain: source record
-- reads: core.source_record
-- key:   source_record_id, known_from
DELETE FROM core.source_record
WHERE feed = :feed AND partner = :partner AND known_from > :known_at AND known_to <> 'infinity'
