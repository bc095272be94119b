-- what:  keys that came back are not absent; a key whose row was refused is there all the same
-- grain: key and snapshot
-- reads: staged_row, refused_keyed, staging_source
-- key:   row_key, snapshot_on, sequence
DELETE FROM core.absence a
USING staging_source d
WHERE a.feed = d.feed AND a.partner = d.partner
  AND a.row_key IN (SELECT row_key FROM staged_row UNION ALL SELECT row_key FROM refused_keyed)
