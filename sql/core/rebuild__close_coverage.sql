-- what:  close the current coverage of a feed and partner while its deliveries are replayed; that of files past retention stands
-- grain: feed or place, and period
-- reads: core.coverage, landing.delivery
-- key:   feed, partner, place, covers, delivery_id
UPDATE core.coverage SET known_to = :known_at WHERE feed = :feed AND partner = :partner AND known_to = 'infinity'
  AND delivery_id NOT IN (SELECT d.delivery_id FROM landing.delivery d WHERE d.removed_on IS NOT NULL)
