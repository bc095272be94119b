-- what:  forget that records of sealed identities are alike as twins are
-- grain: pair of records
-- reads: work_sealed
-- key:   source_record_a, source_record_b
DELETE FROM identity.match_twin e USING work_sealed s WHERE (e.source_record_a, e.source_record_b) = (s.a, s.b)
