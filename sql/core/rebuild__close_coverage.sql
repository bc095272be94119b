-- what:  close the current coverage of a feed and partner while its deliveries are replayed
-- grain: feed or place, and period
-- reads: core.coverage
-- key:   feed, partner, place, covers, delivery_id
UPDATE core.coverage SET known_to = :known_at WHERE feed = :feed AND partner = :partner AND known_to = 'infinity'
