-- what:  files of odd names, still in their folder, whose partner has had no receipt for them
-- grain: file
-- reads: landing.sighting
-- key:   file_name
SELECT file_name
FROM landing.sighting
WHERE partner = :partner AND is_odd AND receipt_at IS NULL AND file_name = ANY (CAST(:there AS text[]))
ORDER BY file_name
LIMIT :most
