-- what:  close the current facts of a feed and partner while its deliveries are replayed
-- grain: fact
-- reads: core.fact
-- key:   kind, fact_id, known_from
UPDATE core.fact SET known_to = :known_at
WHERE feed = :feed AND partner = :partner AND kind = ANY (CAST(:kinds AS text[])) AND known_to = 'infinity'
