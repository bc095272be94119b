-- what:  close uncertain pairs that are settled, gone or otherwise weighed
-- grain: pair of records x version
-- reads: work_uncertain, work_words, work_touched
-- key:   source_record_a, source_record_b, kind, known_from
UPDATE identity.uncertain u SET known_to = :known_at
WHERE u.known_to = 'infinity'
  AND (u.source_record_a, u.source_record_b) IN (
      SELECT n.source_record_a, n.source_record_b FROM identity.uncertain n
      JOIN work_touched t ON t.source_record_id = n.source_record_a WHERE n.known_to = 'infinity'
      UNION
      SELECT n.source_record_a, n.source_record_b FROM identity.uncertain n
      JOIN work_touched t ON t.source_record_id = n.source_record_b WHERE n.known_to = 'infinity')
  AND NOT EXISTS (SELECT FROM work_uncertain w JOIN work_words USING (levels)
                  WHERE (w.source_record_a, w.source_record_b, w.kind, because) = (u.source_record_a, u.source_record_b, u.kind, u.because)
                    AND w.match_weight IS NOT DISTINCT FROM u.match_weight)
