-- what:  what was last seen in one partner's folder
-- grain: file
-- reads: landing.sighting
-- key:   partner, file_name
SELECT file_name, bytes, modified_at, control_bytes, control_modified_at, is_odd, fetched_at IS NOT NULL AS is_fetched
FROM landing.sighting
WHERE partner = :partner
