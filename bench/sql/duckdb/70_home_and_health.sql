-- What:  call-outs, health and nominations: what decides each criterion, with its fact.
-- Grain: criterion x household x fact.   Reads: fact, subject, hh.   Key: none.
INSERT INTO hit
WITH called AS (
    SELECT s.*, f.fact_id, f.starts_on FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'call_out' AND f.starts_on <= getvariable('d') AND f.starts_on > getvariable('d12') AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
), support AS (
    SELECT s.*, h.since, f.fact_id, f.code, f.outcome, f.starts_on, f.ends_on,
           greatest(f.starts_on, s.joined_on) AS from_on, least(coalesce(f.ends_on, DATE '9999-12-31'), s.left_on) AS to_on
    FROM fact f JOIN subject s USING (source_record_id) JOIN hh h USING (household_id)
    WHERE f.kind = 'health_support' AND f.code IN ('mental_health', 'drugs', 'alcohol', 'new_mother') AND f.starts_on <= getvariable('d')
      AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
), referred AS (
    SELECT s.*, f.fact_id FROM fact f JOIN subject s USING (source_record_id) JOIN hh h USING (household_id)
    WHERE f.kind = 'health_referral' AND f.code IN ('mental_health', 'drugs', 'alcohol', 'new_mother') AND f.starts_on <= getvariable('d')
      AND f.starts_on > getvariable('d3') AND f.starts_on > h.since AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
), nominated AS (
    SELECT s.*, f.fact_id, f.code FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'nomination' AND s.is_member AND f.starts_on <= getvariable('d') AND (f.ends_on IS NULL OR f.ends_on > getvariable('d'))
)
SELECT 'identified', 'domestic_abuse', 'call_out', household_id, person_id, fact_id FROM called
UNION ALL
SELECT 'improved', 'domestic_abuse', 'no_call_out', household_id, person_id, fact_id FROM called WHERE starts_on > getvariable('d6')
UNION ALL
SELECT 'identified', 'health', CASE code WHEN 'drugs' THEN 'substance' WHEN 'alcohol' THEN 'substance' ELSE code END, household_id, person_id, fact_id
FROM support WHERE from_on <= getvariable('d') AND to_on > getvariable('d')
UNION ALL
SELECT 'improved', 'health', 'settled', household_id, person_id, fact_id FROM support
WHERE greatest(from_on, since) < to_on AND greatest(from_on, since) <= getvariable('d')
  AND NOT (coalesce(outcome IN ('completed', 'improved') AND ends_on <= getvariable('d'), false)
           OR starts_on <= getvariable('d3') AND (ends_on IS NULL OR ends_on > getvariable('d')))
UNION ALL
SELECT 'improved', 'health', 'no_further', household_id, person_id, fact_id FROM referred
UNION ALL
SELECT 'identified', code, 'nominated', household_id, person_id, fact_id FROM nominated;
