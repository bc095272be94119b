-- what:  open contradictions found now
-- grain: pair of records x reason x version
-- reads: work_contradiction
-- key:   source_record_a, source_record_b, because, known_from
INSERT INTO identity.contradiction (source_record_a, source_record_b, because, run_id, known_from)
SELECT source_record_a, source_record_b, because, :run_id, :known_at
FROM work_contradiction w
WHERE NOT EXISTS (SELECT FROM identity.contradiction c
                  WHERE (w.source_record_a, w.source_record_b, w.because) = (c.source_record_a, c.source_record_b, c.because)
                    AND c.known_to = 'infinity')
