-- What:  benefits and debts on the home: the facts of each criterion, with the days on which they count.
-- Grain: criterion x household x fact.   Reads: fact, subject.   Key: none.
INSERT INTO found
WITH benefit AS (
    SELECT s.household_id, s.person_id, s.since, f.fact_id, greatest(f.starts_on, s.joined_on, s.adult_on) AS from_on, least(coalesce(f.ends_on, DATE '9999-12-31'), s.left_on) AS to_on
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'benefit' AND f.starts_on <= getvariable('d') AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
      AND (f.code IN ('JSA', 'ESA', 'IS', 'IB', 'CA', 'SDA') OR f.code = 'UC' AND f.outcome IN ('search', 'prepare', 'plan', 'none'))
), notice AS (
    SELECT s.household_id, s.person_id, f.fact_id, f.starts_on FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind IN ('nosp_arrears', 'possession', 'eviction') AND f.starts_on <= getvariable('d') AND f.starts_on > s.since_12
      AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
)
SELECT 'work_finance', 'out_of_work', household_id, person_id, fact_id, from_on, to_on, NULL FROM benefit WHERE from_on < to_on AND to_on > since
UNION ALL
SELECT 'work_finance', 'off_benefit', household_id, person_id, fact_id, from_on, to_on - 1 + 91, NULL FROM benefit
WHERE from_on < to_on AND to_on - 1 + 91 > getvariable('d')
UNION ALL
SELECT 'work_finance', 'housing_debt', household_id, person_id, fact_id, starts_on, leaves(starts_on, 12), NULL FROM notice
UNION ALL
SELECT 'work_finance', 'home_kept', household_id, person_id, fact_id, starts_on, leaves(starts_on, 6), NULL FROM notice WHERE starts_on > getvariable('d6');
