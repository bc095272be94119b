-- what:  what the records that were looked at add to the counts, or take from them, since the last resolution. One that changed was counted
--        then if it was compared before; another, if it stands
-- grain: one row
-- reads: work_touched, work_record, work_changed, work_link, work_linked, identity.match_record (before this run)
-- key:   none
CREATE TEMP TABLE work_tally ON COMMIT DROP AS
SELECT count(*) FILTER (WHERE stands) - count(*) FILTER (WHERE stood) AS records,
       count(*) FILTER (WHERE stands AND now_id IS NULL) - count(*) FILTER (WHERE stood AND was_id IS NULL) AS waiting,
       count(*) FILTER (WHERE now_id = source_record_id) - count(*) FILTER (WHERE was_id = source_record_id) AS persons
FROM (
    SELECT t.source_record_id, r.source_record_id IS NOT NULL AS stands, now.person_id AS now_id, was.person_id AS was_id,
           CASE WHEN c.source_record_id IS NULL THEN r.source_record_id IS NOT NULL ELSE m.source_record_id IS NOT NULL END AS stood
    FROM work_touched t
    LEFT JOIN work_record r ON r.source_record_id = t.source_record_id
    LEFT JOIN work_link now ON now.source_record_id = t.source_record_id
    LEFT JOIN work_linked was ON was.source_record_id = t.source_record_id
    LEFT JOIN work_changed c ON c.source_record_id = t.source_record_id
    LEFT JOIN identity.match_record m ON m.source_record_id = c.source_record_id
) looked_at
