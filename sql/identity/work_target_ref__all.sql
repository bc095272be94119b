-- what:  every reference, where all households are worked out anew
-- grain: partner x reference
-- reads: identity.listing, core.fact
-- key:   partner, ref
CREATE TEMP TABLE work_target_ref ON COMMIT DROP AS
SELECT partner, ref FROM identity.listing
UNION
SELECT partner, family_ref FROM core.fact WHERE known_to = 'infinity' AND source_record_id IS NULL AND family_ref IS NOT NULL
