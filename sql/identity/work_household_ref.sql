-- what:  the family references that each household answers to; one that two bases share is the stronger's
-- grain: partner x family reference
-- reads: work_house, work_household
-- key:   partner, family_ref
CREATE TEMP TABLE work_household_ref ON COMMIT DROP AS
SELECT DISTINCT ON (partner, ref) household_id, partner, ref AS family_ref
FROM work_house JOIN work_household USING (household_id)
WHERE is_family_ref
ORDER BY partner, ref, rank
