-- what:  the first delivery of a feed and partner with this digest under another name
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT delivery_id
FROM landing.delivery
WHERE feed = :feed AND partner = :partner AND sha256 = :sha256 AND file_name <> :file_name
  AND status IN ('accepted', 'accepted_with_rejects')
ORDER BY snapshot_on, sequence
LIMIT 1
