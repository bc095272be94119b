-- what:  pairs of the records that are looked at which were found alike, by their places
-- grain: pair of records
-- reads: work_edge, work_record
-- key:   a, b
SELECT a.place AS a, b.place AS b, e.match_weight, e.levels
FROM work_edge e
JOIN work_record a ON a.source_record_id = e.source_record_a
JOIN work_record b ON b.source_record_id = e.source_record_b
WHERE a.introduces AND b.introduces
