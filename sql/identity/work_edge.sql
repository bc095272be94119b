-- what:  what was found alike with the records that may change their person; the other record need not be one of them. Filled by
--        work_edge__more, or by work_edge__all
-- grain: pair of records
-- reads: identity.match_edge (its columns)
-- key:   source_record_a, source_record_b. step = of the record that brought it
CREATE TEMP TABLE work_edge ON COMMIT DROP AS
SELECT source_record_a, source_record_b, match_weight, levels, 0 AS step FROM identity.match_edge
WITH NO DATA
