-- what:  everything that was found alike, where all is compared anew
-- grain: pair of records
-- reads: identity.match_edge
-- key:   source_record_a, source_record_b
CREATE TEMP TABLE work_edge ON COMMIT DROP AS
SELECT source_record_a, source_record_b, match_weight, levels FROM identity.match_edge
