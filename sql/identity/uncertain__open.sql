-- what:  open uncertain pairs found now
-- grain: pair of records x version
-- reads: work_uncertain, work_words
-- key:   source_record_a, source_record_b, kind, known_from
INSERT INTO identity.uncertain (source_record_a, source_record_b, kind, match_weight, because, run_id, known_from)
SELECT source_record_a, source_record_b, kind, match_weight, because, :run_id, :known_at
FROM work_uncertain JOIN work_words USING (levels)
WHERE NOT EXISTS (SELECT FROM identity.uncertain u
                  WHERE u.known_to = 'infinity' AND u.kind = work_uncertain.kind
                    AND (u.source_record_a, u.source_record_b) = (work_uncertain.source_record_a, work_uncertain.source_record_b))
