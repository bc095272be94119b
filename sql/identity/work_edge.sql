-- what:  what was found alike with the records that may change their person; the other record need not be one of them. Filled by
--        work_edge__more, or by work_edge__all
-- grain: pair of records
-- reads: identity.match_edge (its columns)
-- key:   source_record_a, source_record_b
CREATE TEMP TABLE work_edge ON COMMIT DROP AS
SELECT source_record_a, source_record_b, match_weight, levels FROM identity.match_edge
WITH NO DATA
