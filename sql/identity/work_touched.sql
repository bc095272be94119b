-- what:  records whose person may change: changed ones, what was found alike with them, and those that people spoke about.
--        Filled up by work_touched__near until nothing is near
-- grain: source record
-- reads: work_changed, work_compared, work_pending, identity.match_edge (before this run)
-- key:   source_record_id
CREATE TEMP TABLE work_touched ON COMMIT DROP AS
SELECT source_record_id, 0 AS step
FROM (
    SELECT source_record_id FROM work_changed
    UNION SELECT source_record_id FROM work_compared
    UNION SELECT source_record_b FROM identity.match_edge JOIN work_changed ON source_record_id = source_record_a
    UNION SELECT source_record_a FROM identity.match_edge JOIN work_changed ON source_record_id = source_record_b
    UNION SELECT source_record_b FROM identity.match_edge JOIN work_compared ON source_record_id = source_record_a
    UNION SELECT source_record_a FROM identity.match_edge JOIN work_compared ON source_record_id = source_record_b
    UNION SELECT source_record_id FROM work_pending
) near
