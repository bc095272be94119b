-- What:  coverage of every feed, and of every school of the examples, but for the feeds that the example goes without.
-- Grain: feed x place.   Reads: core.feed.   Key: feed, place.
INSERT INTO core.coverage (feed, partner, place, covers, delivery_id, known_from, known_to)
SELECT f.feed, 'example', p.place, daterange(:from_day, :to_day, '[]'), :delivery, :known_from, :known_to
FROM core.feed f
CROSS JOIN LATERAL (SELECT CAST(NULL AS text) AS place
                    UNION ALL SELECT unnest(CAST(:places AS text[])) WHERE f.stale_half_terms > 0) p
WHERE f.feed <> ALL (CAST(:without AS text[]))
