-- what:  the sequence that the next file of a feed has
-- grain: one row
-- reads: landing.delivery
-- key:   none
SELECT coalesce(max(sequence), 0) + 1 FROM landing.delivery WHERE feed = :feed
