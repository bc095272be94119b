-- what:  what the replay made new is known from the instant of the replay
-- grain: fact
-- reads: core.fact
-- key:   kind, fact_id, known_from
UPDATE core.fact SET known_from = :known_at
WHERE feed = :feed AND partner = :partner AND kind = ANY (CAST(:kinds AS text[])) AND known_from > :known_at
