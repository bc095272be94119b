-- what:  record how well each person was found; the same reply again changes nothing
-- grain: person asked about x reply
-- reads: -
-- key:   made_id, our_ref, file_sha256
INSERT INTO returns.answer (made_id, our_ref, match, file_sha256)
SELECT :made_id, x.our_ref, x.match, :file_sha256
FROM unnest(CAST(:our_refs AS text[]), CAST(:matches AS text[])) AS x(our_ref, match)
ON CONFLICT DO NOTHING
