-- what:  the rows of the last accepted files of a feed and partner, newest first
-- grain: delivery
-- reads: landing.delivery
-- key:   snapshot_on, sequence
SELECT snapshot_on, sequence, rows_read, rows_loaded
FROM landing.delivery
WHERE feed = :feed AND partner = :partner AND status IN ('accepted', 'accepted_with_rejects')
ORDER BY snapshot_on DESC, sequence DESC
LIMIT :most
