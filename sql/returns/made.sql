-- what:  record that a return was made: counts and digests
-- grain: return
-- reads: assess.latest
-- key:   made_id
INSERT INTO returns.made (what, by_whom, because, permission_id, as_at, run_id, map_sha256, file_sha256, rows, counts)
SELECT :what, :by_whom, :because, :permission_id, l.as_at, l.run_id, :map_sha256, :file_sha256, :rows, CAST(:counts AS jsonb)
FROM assess.latest l
RETURNING made_id, as_at, run_id
