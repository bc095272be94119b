-- what:  note on a run which feeds it went without, what the matching counted and which mart checks are broken
-- grain: run
-- reads: assess.run
-- key:   run_id
UPDATE assess.run
SET without = CAST(:without AS jsonb), counts = counts || CAST(:noted AS jsonb)
WHERE run_id = :run_id
