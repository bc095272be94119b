-- what:  coverage that stands as before was never closed
-- grain: feed or place, and period
-- reads: same_coverage
-- key:   feed, partner, place, covers, delivery_id
UPDATE core.coverage c SET known_to = 'infinity'
FROM same_coverage s
WHERE c.feed = :feed AND c.partner = :partner AND c.known_to = :known_at AND c.place IS NOT DISTINCT FROM s.place
  AND c.covers = s.covers AND c.delivery_id = s.delivery_id
