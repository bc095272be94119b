-- What:  crime and anti-social behaviour: the facts of each criterion, with the days on which they count. A joint report counts on its earlier proof.
-- Grain: criterion x household x fact.   Reads: fact, subject, hh.   Key: none.
INSERT INTO found
WITH proof AS (
    SELECT s.*, f.fact_id, f.starts_on,
           f.happened_on IS NOT NULL
           AND row_number() OVER (PARTITION BY s.household_id, s.person_id, f.happened_on ORDER BY f.starts_on, f.fact_id) > 1 AS is_later
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'proven_offence' AND f.starts_on <= getvariable('d')
), asb AS (
    SELECT s.household_id, s.person_id, f.fact_id, coalesce(f.ref, f.fact_id::TEXT) AS ref, f.starts_on FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind IN ('asb_intervention', 'asb_action', 'nosp_asb') AND f.starts_on > s.since_12
      AND f.starts_on <= getvariable('d') AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
)
SELECT 'crime_asb', 'child_offence', household_id, person_id, fact_id, starts_on, leaves(starts_on, 12), NULL FROM proof
WHERE NOT is_later AND starts_on > since_12 AND starts_on >= born_on AND starts_on < adult_on AND starts_on >= joined_on AND starts_on < left_on
UNION ALL
SELECT 'crime_asb', 'no_offence', household_id, person_id, fact_id, starts_on, leaves(starts_on, 6), NULL FROM proof
WHERE NOT is_later AND starts_on > getvariable('d6') AND starts_on >= joined_on AND starts_on < left_on
UNION ALL
SELECT 'crime_asb', 'asb_intervention', household_id, person_id, fact_id, starts_on, leaves(starts_on, 12), ref FROM asb;
-- less than before attachment: of n occurrences before, bad while at least floor(0.4 n) + 1 are in the window, so until the one that many from the last leaves it
CREATE TEMP TABLE occurrence AS
WITH asb AS (
    SELECT s.household_id, s.since, f.fact_id, s.person_id, f.starts_on, coalesce(f.ref, f.fact_id::TEXT) AS ref
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind IN ('asb', 'asb_intervention', 'asb_complaint', 'asb_action', 'nosp_asb')
      AND f.starts_on <= getvariable('d') AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on AND f.starts_on > (s.since - INTERVAL 6 MONTH)
)
SELECT household_id, ref, any_value(since) AS since, min(starts_on) AS starts_on, leaves(min(starts_on), 6) AS leaves_on, list({'fact_id': fact_id, 'person_id': person_id, 'starts_on': starts_on}) AS facts
FROM asb GROUP BY household_id, ref;
INSERT INTO counted
WITH ranked AS (
    SELECT household_id, leaves_on, row_number() OVER (PARTITION BY household_id ORDER BY leaves_on DESC) AS nth,
           floor(0.4 * count(*) FILTER (WHERE starts_on <= since) OVER (PARTITION BY household_id)) + 1 AS allowed
    FROM occurrence
)
SELECT 'crime_asb', 'less_asb', 0, household_id, getvariable('d'), leaves_on FROM ranked WHERE nth = allowed AND leaves_on > getvariable('d');
INSERT INTO counting
SELECT 'crime_asb', 'less_asb', 0, household_id, o.fact.person_id, o.fact.fact_id, o.fact.starts_on, leaves(o.fact.starts_on, 6), ref, 1
FROM (SELECT household_id, ref, unnest(facts) AS fact FROM occurrence WHERE leaves_on > getvariable('d')) o;
-- orders and releases count on the days on which the household holds a child
INSERT INTO counting
WITH held AS (
    SELECT s.household_id, s.person_id, f.fact_id, f.kind, least(coalesce(f.ends_on, s.left_on), s.left_on) AS to_on,
           greatest(f.starts_on, s.joined_on, s.adult_on,
                    -- the first day on which the release is within 12 months
                    CASE WHEN f.kind = 'custody' THEN (f.ends_on - INTERVAL 12 MONTH)::DATE + (day(f.ends_on - INTERVAL 12 MONTH) < day(f.ends_on))::INT ELSE f.starts_on END) AS from_on
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind IN ('custody', 'licence', 'community_order', 'suspended_sentence') AND f.starts_on <= getvariable('d')
      AND (f.ends_on > f.starts_on AND f.ends_on > s.since OR f.ends_on IS NULL AND f.kind <> 'custody')
)
SELECT 'crime_asb', CASE kind WHEN 'custody' THEN 'adult_release' ELSE 'adult_order' END, 0, household_id, person_id, fact_id, from_on, to_on, NULL, 1 FROM held WHERE from_on < to_on;
INSERT INTO counted
SELECT c.problem, c.criterion, 0, household_id, greatest(c.from_on, d.from_on), least(c.to_on, d.to_on)
FROM counting c JOIN child_days d USING (household_id)
WHERE c.criterion IN ('adult_release', 'adult_order') AND greatest(c.from_on, d.from_on) < least(c.to_on, d.to_on);
