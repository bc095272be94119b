-- what:  close contradictions that are resolved: of the records that were looked at, and those of common identifiers, which are all known anew
-- grain: pair of records x reason x version
-- reads: work_contradiction, work_touched
-- key:   source_record_a, source_record_b, because, known_from
UPDATE identity.contradiction c SET known_to = :known_at
WHERE c.known_to = 'infinity'
  AND (c.source_record_a, c.source_record_b, c.because) IN (
      SELECT t.source_record_a, t.source_record_b, t.because FROM identity.contradiction t
      JOIN work_touched w ON w.source_record_id = t.source_record_a WHERE t.known_to = 'infinity'
      UNION
      SELECT t.source_record_a, t.source_record_b, t.because FROM identity.contradiction t
      JOIN work_touched w ON w.source_record_id = t.source_record_b WHERE t.known_to = 'infinity'
      UNION
      SELECT t.source_record_a, t.source_record_b, t.because FROM identity.contradiction t
      WHERE t.known_to = 'infinity' AND t.because = ANY(:common))
  AND NOT EXISTS (SELECT FROM work_contradiction w
                  WHERE (w.source_record_a, w.source_record_b, w.because) = (c.source_record_a, c.source_record_b, c.because))
