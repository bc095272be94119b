-- What:  crime and anti-social behaviour: what decides each criterion, with its fact. A joint report counts on its earlier proof.
-- Grain: criterion x household x fact.   Reads: fact, subject, with_child, hh.   Key: none.
INSERT INTO hit
WITH proof AS (
    SELECT s.*, f.fact_id, f.starts_on,
           f.happened_on IS NOT NULL
           AND row_number() OVER (PARTITION BY s.household_id, s.person_id, f.happened_on ORDER BY f.starts_on, f.fact_id) > 1 AS is_later
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'proven_offence' AND f.starts_on <= getvariable('d')
), held AS (
    SELECT s.*, f.fact_id, f.kind, f.ends_on FROM fact f JOIN subject s USING (source_record_id) JOIN with_child USING (household_id)
    WHERE f.kind IN ('custody', 'licence', 'community_order', 'suspended_sentence') AND s.is_member AND s.adult_on <= getvariable('d')
      AND f.starts_on <= getvariable('d') AND (f.ends_on IS NULL OR f.ends_on > getvariable('d'))
), asb AS (
    SELECT s.household_id, s.person_id, h.since, f.fact_id, f.kind, f.starts_on,
           min(f.starts_on) OVER (PARTITION BY s.household_id, coalesce(f.ref, f.fact_id::TEXT)) AS first_on,
           coalesce(f.ref, f.fact_id::TEXT) AS ref
    FROM fact f JOIN subject s USING (source_record_id) JOIN hh h USING (household_id)
    WHERE f.kind IN ('asb', 'asb_intervention', 'asb_complaint', 'asb_action', 'nosp_asb')
      AND f.starts_on <= getvariable('d') AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
), compared AS (
    SELECT household_id, count(DISTINCT ref) FILTER (WHERE first_on > getvariable('d6')) AS now,
           count(DISTINCT ref) FILTER (WHERE first_on > (since - INTERVAL 6 MONTH)::DATE AND first_on <= since) AS before
    FROM asb GROUP BY household_id
)
SELECT 'identified', 'crime_asb', 'child_offence', household_id, person_id, fact_id FROM proof
WHERE NOT is_later AND starts_on > getvariable('d12') AND starts_on >= born_on AND starts_on < adult_on AND starts_on >= joined_on AND starts_on < left_on
UNION ALL
SELECT 'improved', 'crime_asb', 'no_offence', household_id, person_id, fact_id FROM proof
WHERE NOT is_later AND starts_on > getvariable('d6') AND starts_on >= joined_on AND starts_on < left_on
UNION ALL
SELECT 'identified', 'crime_asb', CASE kind WHEN 'custody' THEN 'adult_release' ELSE 'adult_order' END, household_id, person_id, fact_id FROM held
WHERE kind <> 'custody' OR ends_on <= (getvariable('d') + INTERVAL 12 MONTH)::DATE
UNION ALL
SELECT 'identified', 'crime_asb', 'asb_intervention', household_id, person_id, fact_id FROM asb
WHERE kind IN ('asb_intervention', 'asb_action', 'nosp_asb') AND starts_on > getvariable('d12')
UNION ALL
SELECT 'improved', 'crime_asb', 'less_asb', household_id, person_id, fact_id FROM asb JOIN compared USING (household_id)
WHERE starts_on > getvariable('d6') AND now > 0 AND now > 0.4 * before;
