-- what:  record that a file, as it stood when it was looked at, has been fetched (or, with a null delivery, must be again)
-- grain: file
-- reads: landing.sighting
-- key:   partner, file_name
UPDATE landing.sighting
SET fetched_at = CASE WHEN CAST(:delivery_id AS bigint) IS NOT NULL THEN core.instant() END,
    delivery_id = coalesce(:delivery_id, delivery_id)
WHERE partner = :partner AND file_name = :file_name
