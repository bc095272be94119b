-- what:  close the current facts of rows that changed, came back or were withdrawn
-- grain: fact
-- reads: staged_touched
-- key:   kind, fact_id, known_from
UPDATE core.fact f
SET known_to = :known_at
FROM staged_touched t
WHERE f.row_key = t.row_key AND f.kind = ANY (CAST(:kinds AS text[])) AND f.known_to = 'infinity'
