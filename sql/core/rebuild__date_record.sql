-- what:  what the replay made new is known from the instant of the replay
-- grain: source record
-- reads: core.source_record
-- key:   source_record_id, known_from
UPDATE core.source_record SET known_from = :known_at WHERE feed = :feed AND partner = :partner AND known_from > :known_at
