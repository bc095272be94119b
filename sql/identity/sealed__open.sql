-- what:  find which of them bear one now
-- grain: source record x seal
-- reads: work_touched, core.source_record, sealed.mark
-- key:   source_record_id, seal_id
INSERT INTO sealed.member (seal_id, source_record_id, is_former, is_new)
SELECT m.seal_id, t.source_record_id, bool_or(NOT m.is_new), bool_or(m.is_new)
FROM (SELECT source_record_id FROM work_touched WHERE EXISTS (SELECT FROM sealed.mark)) t
JOIN core.source_record r ON r.source_record_id = t.source_record_id AND r.known_to = 'infinity'
CROSS JOIN LATERAL sealed.marks(r) AS d (digest)
JOIN sealed.mark m USING (digest)
GROUP BY m.seal_id, t.source_record_id
