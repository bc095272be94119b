-- what:  the rows of the last accepted files of a feed and partner, newest first; of several of one snapshot and sequence the last word
-- grain: snapshot and sequence
-- reads: landing.delivery
-- key:   snapshot_on, sequence
SELECT DISTINCT ON (snapshot_on, sequence) snapshot_on, sequence, rows_read, rows_loaded
FROM landing.delivery
WHERE feed = :feed AND partner = :partner AND status IN ('accepted', 'accepted_with_rejects')
ORDER BY snapshot_on DESC, sequence DESC, received_at DESC, delivery_id
LIMIT :most
