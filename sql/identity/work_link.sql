-- what:  which person each source record is, and why. A record that no partner has introduced yet waits: it has no row
-- grain: source record
-- reads: work_record, work_cluster
-- key:   source_record_id
CREATE TEMP TABLE work_link ON COMMIT DROP AS
WITH placed AS (
    SELECT r.source_record_id, coalesce(c.root, r.unit) AS root, r.is_introduced, c.weight, c.because,
           CASE WHEN c.evidence IS NULL OR (r.is_introduced AND NOT r.introduces) THEN :partner_ref ELSE c.evidence END AS evidence
    FROM work_record r LEFT JOIN work_cluster c USING (unit)
), introduced AS (
    SELECT root FROM placed GROUP BY root HAVING bool_or(is_introduced)
)
SELECT p.source_record_id, first.source_record_id AS person_id, e.decided_by,
       CASE WHEN e.decided_by = 'model' THEN p.weight END AS match_weight,
       CASE WHEN e.decided_by = 'model' THEN coalesce(p.because, e.because) ELSE e.because END AS because
FROM placed p
JOIN introduced USING (root)
JOIN work_record first ON first.place = p.root
JOIN jsonb_to_recordset(cast(:evidence AS jsonb)) AS e (rank int, decided_by text, because text) ON e.rank = p.evidence
