-- what:  the accepted deliveries of a feed and partner with the one being loaded, the last word of each snapshot and sequence;
--        not those whose landed files are past retention: nothing rests on them
-- grain: snapshot and sequence
-- reads: landing.delivery
-- key:   snapshot_on, sequence
SELECT DISTINCT ON (snapshot_on, sequence) delivery_id
FROM landing.delivery
WHERE feed = :feed AND partner = :partner
  AND (delivery_id = :delivery_id
       OR state IN ('accepted', 'published', 'acknowledged') AND status IS DISTINCT FROM 'duplicate' AND removed_on IS NULL)
ORDER BY snapshot_on, sequence, delivery_id = :delivery_id DESC, received_at DESC, delivery_id
