-- what:  what was found alike with the records that may change their person; the other record need not be one of them
-- grain: pair of records
-- reads: work_touched, identity.match_edge
-- key:   source_record_a, source_record_b
CREATE TEMP TABLE work_edge ON COMMIT DROP AS
SELECT e.source_record_a, e.source_record_b, e.match_weight, e.levels
FROM work_touched t
CROSS JOIN LATERAL (SELECT * FROM identity.match_edge m WHERE m.source_record_a = t.source_record_id OFFSET 0) e
UNION ALL
SELECT e.source_record_a, e.source_record_b, e.match_weight, e.levels
FROM work_touched t
CROSS JOIN LATERAL (SELECT * FROM identity.match_edge m WHERE m.source_record_b = t.source_record_id OFFSET 0) e
WHERE NOT EXISTS (SELECT FROM work_touched a WHERE a.source_record_id = e.source_record_a)
