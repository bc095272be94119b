-- what:  take what was noted of records. What is committed after this statement stays for the next resolution
-- grain: source record
-- reads: identity.pending_record
-- key:   source_record_id
WITH taken AS (
    DELETE FROM identity.pending_record RETURNING source_record_id
)
INSERT INTO work_pending (source_record_id) SELECT DISTINCT source_record_id FROM taken
