-- what:  facts that stand as before were never closed
-- grain: fact
-- reads: same_fact
-- key:   kind, fact_id, known_from
UPDATE core.fact f SET known_to = 'infinity'
FROM same_fact s
WHERE f.kind = s.kind AND f.fact_id = s.fact_id AND f.known_from = s.before
