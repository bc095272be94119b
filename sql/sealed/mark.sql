-- what:  keep by what each side is known again: what every version of its records said, as far as the other side never said it
-- grain: mark
-- reads: sealed_side, core.source_record
-- key:   digest, seal_id, is_new
INSERT INTO sealed.mark (seal_id, is_new, digest)
SELECT CAST(:seal_id AS bigint), bool_or(s.is_new), d.digest
FROM sealed_side s JOIN core.source_record r USING (source_record_id) CROSS JOIN LATERAL sealed.marks(r) AS d (digest)
GROUP BY d.digest HAVING count(DISTINCT s.is_new) = 1
