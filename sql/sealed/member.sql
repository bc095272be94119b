-- what:  every record that bears a mark of this seal
-- grain: source record
-- reads: sealed.mark, core.source_record
-- key:   source_record_id, seal_id
INSERT INTO sealed.member (seal_id, source_record_id, is_former, is_new)
SELECT m.seal_id, r.source_record_id, bool_or(NOT m.is_new), bool_or(m.is_new)
FROM core.source_record r CROSS JOIN LATERAL sealed.marks(r) AS d (digest) JOIN sealed.mark m USING (digest)
WHERE r.known_to = 'infinity' AND m.seal_id = :seal_id
GROUP BY m.seal_id, r.source_record_id
