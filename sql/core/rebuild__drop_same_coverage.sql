-- what:  drop the replay's copies of coverage that stands as before
-- grain: feed or place, and period
-- reads: same_coverage
-- key:   feed, partner, place, covers, delivery_id
DELETE FROM core.coverage c
USING same_coverage s
WHERE c.feed = :feed AND c.partner = :partner AND c.known_to = 'infinity' AND c.place IS NOT DISTINCT FROM s.place
  AND c.covers = s.covers AND c.delivery_id = s.delivery_id
