-- what:  remember which version of each changed record was compared
-- grain: source record
-- reads: work_changed
-- key:   source_record_id
WITH gone AS (
    DELETE FROM identity.match_record m USING work_changed c WHERE m.source_record_id = c.source_record_id AND c.known_from IS NULL
)
INSERT INTO identity.match_record (source_record_id, known_from)
SELECT source_record_id, known_from FROM work_changed WHERE known_from IS NOT NULL
ON CONFLICT (source_record_id) DO UPDATE SET known_from = excluded.known_from
