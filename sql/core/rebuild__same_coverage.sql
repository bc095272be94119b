-- what:  coverage that the replay found just as it stood before; the older version is to stand
-- grain: feed or place, and period
-- reads: core.coverage
-- key:   place, covers, delivery_id
CREATE TEMP TABLE same_coverage ON COMMIT DROP AS
SELECT a.place, a.covers, a.delivery_id
FROM core.coverage a
JOIN core.coverage b ON b.feed = a.feed AND b.partner = a.partner AND b.place IS NOT DISTINCT FROM a.place
                    AND b.covers = a.covers AND b.delivery_id = a.delivery_id AND b.known_to = :known_at
WHERE a.feed = :feed AND a.partner = :partner AND a.known_to = 'infinity'
