-- what:  what was found alike with the records of the last step, where no earlier step has brought it
-- grain: pair of records
-- reads: work_touched, identity.match_edge
-- key:   source_record_a, source_record_b
INSERT INTO work_edge
SELECT e.source_record_a, e.source_record_b, e.match_weight, e.levels, t.step
FROM work_touched t
CROSS JOIN LATERAL (SELECT * FROM identity.match_edge m WHERE m.source_record_a = t.source_record_id OFFSET 0) e
WHERE t.step = :step AND e.source_record_b NOT IN (SELECT source_record_id FROM work_touched WHERE step < :step)
UNION ALL
SELECT e.source_record_a, e.source_record_b, e.match_weight, e.levels, t.step
FROM work_touched t
CROSS JOIN LATERAL (SELECT * FROM identity.match_edge m WHERE m.source_record_b = t.source_record_id OFFSET 0) e
WHERE t.step = :step AND e.source_record_a NOT IN (SELECT source_record_id FROM work_touched)
