-- what:  remember which version of each changed record was compared
-- grain: source record
-- reads: work_changed, core.source_record
-- key:   source_record_id
WITH gone AS (
    DELETE FROM identity.match_record m USING work_changed c
    WHERE m.source_record_id = c.source_record_id
      AND NOT EXISTS (SELECT FROM core.source_record r WHERE r.source_record_id = c.source_record_id AND r.known_to = 'infinity')
)
INSERT INTO identity.match_record (source_record_id, known_from)
SELECT r.source_record_id, r.known_from
FROM work_changed c JOIN core.source_record r ON r.source_record_id = c.source_record_id AND r.known_to = 'infinity'
ON CONFLICT (source_record_id) DO UPDATE SET known_from = excluded.known_from
