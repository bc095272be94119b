-- what:  forget the past homes of the deliveries that are replayed: the replay says them again
-- grain: source record x delivery
-- reads: landing.delivery
-- key:   as core.past_home
DELETE FROM core.past_home h
USING landing.delivery d
WHERE d.delivery_id = h.delivery_id AND d.feed = :feed AND d.partner = :partner AND d.removed_on IS NULL
