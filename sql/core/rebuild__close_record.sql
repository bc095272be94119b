-- what:  close the current source records of a feed and partner while its deliveries are replayed
-- grain: source record
-- reads: core.source_record
-- key:   source_record_id, known_from
UPDATE core.source_record SET known_to = :known_at WHERE feed = :feed AND partner = :partner AND known_to = 'infinity'
