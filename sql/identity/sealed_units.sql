-- what:  units that must never be one, and of which nothing is told
-- grain: pair of units
-- reads: work_sealed, work_record
-- key:   a, b
SELECT DISTINCT a.unit, b.unit
FROM work_sealed s
JOIN work_record a ON a.source_record_id = s.a
JOIN work_record b ON b.source_record_id = s.b
WHERE a.unit <> b.unit
ORDER BY 1, 2
