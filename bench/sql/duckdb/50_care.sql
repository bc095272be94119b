-- What:  children who need help: the facts of each criterion, with the days on which they count.
-- Grain: criterion x household x fact.   Reads: fact, subject, household_ref, hh.   Key: none.
INSERT INTO found
WITH spell AS (
    SELECT s.*, f.fact_id, greatest(f.starts_on, s.joined_on) AS from_on, least(coalesce(f.ends_on, DATE '9999-12-31'), s.left_on) AS to_on
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind IN ('cin', 'cp', 'lac') AND f.starts_on <= getvariable('d') AND (f.ends_on IS NULL OR f.ends_on > f.starts_on AND f.ends_on > s.since_12)
), event AS (
    SELECT s.*, f.fact_id, f.kind, coalesce(f.ref, f.fact_id::TEXT) AS ref, f.starts_on, f.starts_on >= s.born_on AND f.starts_on < s.adult_on AS as_child
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind IN ('social_care_referral', 's47', 'missing', 'cse') AND f.starts_on <= getvariable('d') AND f.starts_on > s.since_12
      AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
)
SELECT 'children_need_help', 'child_in_need', household_id, person_id, fact_id, greatest(from_on, born_on), least(to_on, adult_on), NULL FROM spell
WHERE greatest(from_on, born_on) < least(to_on, adult_on) AND least(to_on, adult_on) > since
UNION ALL
SELECT 'children_need_help', 'stepped_down', household_id, person_id, fact_id, from_on, leaves(to_on - 1, 6), NULL FROM spell
WHERE from_on < to_on AND to_on - 1 > getvariable('d6')
UNION ALL
SELECT 'children_need_help', CASE kind WHEN 's47' THEN 'enquiry' ELSE 'missing_or_exploited' END, household_id, person_id, fact_id, starts_on, leaves(starts_on, 12), CASE WHEN kind <> 's47' THEN ref END
FROM event WHERE kind <> 'social_care_referral' AND as_child
UNION ALL
SELECT 'children_need_help', 'no_new_concern', household_id, person_id, fact_id, starts_on, leaves(starts_on, 6), NULL FROM event WHERE starts_on > getvariable('d6')
UNION ALL
SELECT 'children_need_help', 'early_help', household_id, NULL, f.fact_id, f.starts_on, leaves(f.starts_on, 12), NULL
FROM fact f JOIN household_ref r USING (partner, family_ref) JOIN hh h USING (household_id)
WHERE f.kind = 'family_assessment' AND f.starts_on <= getvariable('d') AND f.starts_on > h.since_12;
