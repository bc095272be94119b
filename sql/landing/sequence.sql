-- what:  the sequence that an increment must have next: one after the last accepted, else the first that ever came
-- grain: feed and partner
-- reads: landing.delivery
-- key:   -
SELECT max(sequence) FILTER (WHERE status IN ('accepted', 'accepted_with_rejects')) AS last_accepted,
       min(sequence) FILTER (WHERE state <> 'seen') AS first_seen
FROM landing.delivery
WHERE feed = :feed AND partner = :partner AND status IS DISTINCT FROM 'duplicate'
