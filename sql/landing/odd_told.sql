-- what:  record that the partner has a receipt for each of these files of odd names
-- grain: file
-- reads: landing.sighting
-- key:   partner, file_name
UPDATE landing.sighting
SET receipt_at = core.instant()
WHERE partner = :partner AND file_name = ANY (CAST(:file_names AS text[]))
