-- what:  close the versions that absence ends
-- grain: fact
-- reads: staged_ending
-- key:   kind, fact_id, known_from
UPDATE core.fact f
SET known_to = :known_at
FROM staged_ending e
WHERE f.kind = e.kind AND f.fact_id = e.fact_id AND f.known_from = e.known_from
