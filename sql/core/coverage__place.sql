-- what:  the periods for which a delivery holds at least one row of a place (Reading 7)
-- grain: place and period
-- reads: staged_period, staging_source
-- key:   feed, partner, place, covers, delivery_id
INSERT INTO core.coverage (feed, partner, place, covers, delivery_id, known_from)
SELECT DISTINCT d.feed, d.partner, p.place, daterange(p.starts_on, p.ends_on, '[]'), d.delivery_id, CAST(:known_at AS timestamptz)
FROM staged_period p CROSS JOIN staging_source d
WHERE p.place IS NOT NULL AND p.starts_on IS NOT NULL
ON CONFLICT DO NOTHING
