-- what:  what the records that were looked at add to the counts, or take from them, since the last resolution
-- grain: one row
-- reads: work_touched, core.source_record, identity.person_link, identity.match_record (before this run)
-- key:   none
CREATE TEMP TABLE work_tally ON COMMIT DROP AS
SELECT count(r.source_record_id) - count(m.source_record_id) AS records,
       count(*) FILTER (WHERE r.source_record_id IS NOT NULL AND l.person_id IS NULL) - count(*) FILTER (WHERE m.waits) AS waiting,
       count(*) FILTER (WHERE l.person_id = t.source_record_id) - count(*) FILTER (WHERE m.leads) AS persons
FROM work_touched t
LEFT JOIN core.source_record r ON r.source_record_id = t.source_record_id AND r.known_to = 'infinity'
LEFT JOIN identity.person_link l ON l.source_record_id = t.source_record_id AND l.known_to = 'infinity'
LEFT JOIN identity.match_record m ON m.source_record_id = t.source_record_id
