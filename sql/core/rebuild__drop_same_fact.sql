-- what:  drop the replay's copies of facts that stand as before
-- grain: fact
-- reads: same_fact
-- key:   kind, fact_id, known_from
DELETE FROM core.fact f USING same_fact s WHERE f.kind = s.kind AND f.fact_id = s.fact_id AND f.known_from = s.again
