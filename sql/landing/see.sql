-- what:  record one look at some files (arrays of one length); a change of a file's size or time, or of its control
--        file's, starts it anew
-- grain: file
-- reads: landing.sighting
-- key:   partner, file_name
INSERT INTO landing.sighting AS s (partner, file_name, bytes, modified_at, control_bytes, control_modified_at, is_odd, unchanged_since)
SELECT :partner, seen.*, :is_odd, clock_timestamp()
FROM unnest(CAST(:file_names AS text[]), CAST(:bytes AS bigint[]), CAST(:modified_at AS bigint[]),
            CAST(:control_bytes AS bigint[]), CAST(:control_modified_at AS bigint[])) AS seen
ON CONFLICT (partner, file_name) DO UPDATE SET
    bytes = excluded.bytes,
    modified_at = excluded.modified_at,
    control_bytes = excluded.control_bytes,
    control_modified_at = excluded.control_modified_at,
    unchanged_since = CASE WHEN (s.bytes, s.modified_at) = (excluded.bytes, excluded.modified_at)
                           THEN s.unchanged_since ELSE clock_timestamp() END,
    fetched_at = CASE WHEN (s.bytes, s.modified_at, coalesce(s.control_bytes, -1), coalesce(s.control_modified_at, -1))
                         = (excluded.bytes, excluded.modified_at, coalesce(excluded.control_bytes, -1), coalesce(excluded.control_modified_at, -1))
                      THEN s.fetched_at END
