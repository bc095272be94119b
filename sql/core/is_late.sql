-- what:  whether an accepted delivery of the feed and partner stands after this one, or in its place
-- grain: one row
-- reads: landing.delivery
-- key:   none
SELECT EXISTS (
    SELECT FROM landing.delivery l
    WHERE l.feed = :feed AND l.partner = :partner AND l.delivery_id <> :delivery_id
      AND l.state IN ('accepted', 'published', 'acknowledged') AND l.status IS DISTINCT FROM 'duplicate'
      AND (l.snapshot_on, l.sequence) >= (:snapshot_on, :sequence))
