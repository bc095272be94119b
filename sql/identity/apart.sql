-- what:  units that a person said are different people
-- grain: pair of units
-- reads: work_decision, work_record
-- key:   a, b
SELECT DISTINCT a.unit, b.unit
FROM work_decision d
JOIN work_record a ON a.source_record_id = d.a
JOIN work_record b ON b.source_record_id = d.b
WHERE NOT d.is_same AND a.unit <> b.unit
ORDER BY 1, 2
