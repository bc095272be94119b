-- what:  nor are they looked at as alike
-- grain: pair of records
-- reads: work_sealed
-- key:   source_record_a, source_record_b
DELETE FROM work_edge e USING work_sealed s WHERE (e.source_record_a, e.source_record_b) = (s.a, s.b)
