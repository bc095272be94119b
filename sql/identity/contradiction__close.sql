-- what:  close contradictions that are resolved
-- grain: pair of records x reason x version
-- reads: work_contradiction
-- key:   source_record_a, source_record_b, because, known_from
UPDATE identity.contradiction c SET known_to = :known_at
WHERE c.known_to = 'infinity'
  AND NOT EXISTS (SELECT FROM work_contradiction w
                  WHERE (w.source_record_a, w.source_record_b, w.because) = (c.source_record_a, c.source_record_b, c.because))
