-- what:  what the replay found new is known from the instant of the replay
-- grain: feed or place, and period
-- reads: core.coverage
-- key:   feed, partner, place, covers, delivery_id
UPDATE core.coverage SET known_from = :known_at WHERE feed = :feed AND partner = :partner AND known_from > :known_at
