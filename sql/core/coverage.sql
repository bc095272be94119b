-- what:  the days that a delivery speaks for: the control file's; else the periods of its rows; else those since the last
-- grain: delivery
-- reads: staging_source, staged_period, landing.delivery
-- key:   feed, partner, place, covers, delivery_id
INSERT INTO core.coverage (feed, partner, place, covers, delivery_id, known_from)
SELECT d.feed, d.partner, NULL,
       CASE WHEN CAST(:covers_from AS date) <= CAST(:covers_to AS date)
            THEN daterange(CAST(:covers_from AS date), CAST(:covers_to AS date), '[]')
            WHEN period.starts_on IS NOT NULL THEN daterange(period.starts_on, period.ends_on, '[]')
            ELSE daterange(least(coalesce(before.snapshot_on + 1, d.snapshot_on), d.snapshot_on), d.snapshot_on, '[]')
       END,
       d.delivery_id, :known_at
FROM staging_source d
CROSS JOIN (SELECT min(starts_on) AS starts_on, max(ends_on) AS ends_on FROM staged_period) period
LEFT JOIN LATERAL (
    SELECT max(l.snapshot_on) AS snapshot_on
    FROM landing.delivery l
    WHERE l.feed = d.feed AND l.partner = d.partner
      AND (l.delivery_id = :loading
           OR l.state IN ('accepted', 'published', 'acknowledged') AND l.status IS DISTINCT FROM 'duplicate')
      AND (l.snapshot_on, l.sequence) < (d.snapshot_on, d.sequence)
) before ON true
ON CONFLICT DO NOTHING
