-- what:  everything that was found alike, where all is compared anew
-- grain: pair of records
-- reads: identity.match_edge
-- key:   source_record_a, source_record_b
INSERT INTO work_edge
SELECT source_record_a, source_record_b, match_weight, levels, 0 FROM identity.match_edge
