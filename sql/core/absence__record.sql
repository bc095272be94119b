-- what:  keys that this whole snapshot does not hold, up to the second time
-- grain: key and snapshot
-- reads: core.fact, core.absence, staged_row, refused_keyed, staging_source
-- key:   row_key, snapshot_on, sequence
INSERT INTO core.absence (feed, partner, row_key, snapshot_on, sequence, delivery_id)
SELECT DISTINCT d.feed, d.partner, f.row_key, d.snapshot_on, d.sequence, d.delivery_id
FROM core.fact f CROSS JOIN staging_source d
WHERE f.feed = d.feed AND f.partner = d.partner AND f.kind = ANY (CAST(:kinds AS text[])) AND f.known_to = 'infinity'
  AND NOT EXISTS (SELECT FROM staged_row r WHERE r.row_key = f.row_key)
  AND NOT EXISTS (SELECT FROM refused_keyed r WHERE r.row_key = f.row_key)
  AND (SELECT count(*) FROM core.absence a WHERE a.row_key = f.row_key) < 2
ON CONFLICT DO NOTHING
