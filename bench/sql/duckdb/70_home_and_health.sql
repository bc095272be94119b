-- What:  call-outs, health and nominations: the facts of each criterion, with the days on which they count.
-- Grain: criterion x household x fact.   Reads: fact, subject.   Key: none.
INSERT INTO found
WITH called AS (
    SELECT s.household_id, s.person_id, f.fact_id, coalesce(f.ref, f.fact_id::TEXT) AS ref, f.starts_on FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'call_out' AND f.starts_on <= getvariable('d') AND f.starts_on > s.since_12 AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
), support AS (
    SELECT s.household_id, s.person_id, s.since, f.fact_id, f.code, f.outcome, f.starts_on, coalesce(f.ends_on, DATE '9999-12-31') AS ends_on,
           greatest(f.starts_on, s.joined_on) AS from_on, least(coalesce(f.ends_on, DATE '9999-12-31'), s.left_on) AS to_on
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'health_support' AND f.code IN ('mental_health', 'drugs', 'alcohol', 'new_mother') AND f.starts_on <= getvariable('d')
      AND (f.ends_on IS NULL OR f.ends_on > f.starts_on AND f.ends_on > s.since)
), referred AS (
    SELECT s.household_id, s.person_id, f.fact_id, f.starts_on FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'health_referral' AND f.code IN ('mental_health', 'drugs', 'alcohol', 'new_mother') AND f.starts_on <= getvariable('d')
      AND f.starts_on > getvariable('d3') AND f.starts_on > s.since AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
), unsettled AS (
    -- from the first day since attachment until it has been open for three months; and from its end, where that was no good one
    SELECT *, greatest(from_on, since) AS present_on, leaves(starts_on, 3) AS long_enough_on, coalesce(outcome IN ('completed', 'improved'), false) AS is_good
    FROM support WHERE greatest(from_on, since) < to_on
)
SELECT 'domestic_abuse', 'call_out', household_id, person_id, fact_id, starts_on, leaves(starts_on, 12), ref FROM called
UNION ALL
SELECT 'domestic_abuse', 'no_call_out', household_id, person_id, fact_id, starts_on, leaves(starts_on, 6), ref FROM called WHERE starts_on > getvariable('d6')
UNION ALL
SELECT 'health', CASE code WHEN 'drugs' THEN 'substance' WHEN 'alcohol' THEN 'substance' ELSE code END, household_id, person_id, fact_id, from_on, to_on, NULL
FROM support WHERE from_on < to_on AND to_on > since
UNION ALL
SELECT 'health', 'settled', household_id, person_id, fact_id, present_on, CASE WHEN long_enough_on >= ends_on AND NOT is_good THEN DATE '9999-12-31' ELSE least(long_enough_on, ends_on) END, NULL
FROM unsettled WHERE least(long_enough_on, ends_on) > present_on OR long_enough_on >= ends_on AND NOT is_good
UNION ALL
SELECT 'health', 'settled', household_id, person_id, fact_id, greatest(present_on, ends_on), DATE '9999-12-31', NULL
FROM unsettled WHERE long_enough_on < ends_on AND ends_on < DATE '9999-12-31' AND NOT is_good
UNION ALL
SELECT 'health', 'no_further', household_id, person_id, fact_id, starts_on, leaves(starts_on, 3), NULL FROM referred
UNION ALL
SELECT f.code, 'nominated', s.household_id, s.person_id, f.fact_id, greatest(f.starts_on, s.joined_on), least(coalesce(f.ends_on, DATE '9999-12-31'), s.left_on), NULL
FROM fact f JOIN subject s USING (source_record_id)
WHERE f.kind = 'nomination' AND f.starts_on <= getvariable('d') AND greatest(f.starts_on, s.joined_on) < least(coalesce(f.ends_on, DATE '9999-12-31'), s.left_on)
  AND least(coalesce(f.ends_on, DATE '9999-12-31'), s.left_on) > s.since AND f.code IN (SELECT problem FROM question);
