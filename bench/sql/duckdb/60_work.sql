-- What:  work, benefits and debts on the home: what decides each criterion, with its fact.
-- Grain: criterion x household x fact.   Reads: fact, subject.   Key: none.
INSERT INTO hit
WITH benefit AS (
    SELECT s.*, f.fact_id, greatest(f.starts_on, s.joined_on, s.adult_on) AS from_on, least(coalesce(f.ends_on, DATE '9999-12-31'), s.left_on) AS to_on
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'benefit' AND f.starts_on <= getvariable('d') AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
      AND (f.code IN ('JSA', 'ESA', 'IS', 'IB', 'CA', 'SDA') OR f.code = 'UC' AND f.outcome IN ('search', 'prepare', 'plan', 'none'))
), notice AS (
    SELECT s.*, f.fact_id, f.starts_on FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind IN ('nosp_arrears', 'possession', 'eviction') AND f.starts_on <= getvariable('d') AND f.starts_on > getvariable('d12')
      AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
)
SELECT 'identified', 'work_finance', 'out_of_work', household_id, person_id, fact_id FROM benefit WHERE from_on <= getvariable('d') AND to_on > getvariable('d')
UNION ALL
SELECT 'improved', 'work_finance', 'off_benefit', household_id, person_id, fact_id FROM benefit
WHERE from_on < to_on AND from_on <= getvariable('d') AND to_on - 1 > getvariable('d') - 91
UNION ALL
SELECT 'identified', 'work_finance', 'housing_debt', household_id, person_id, fact_id FROM notice
UNION ALL
SELECT 'improved', 'work_finance', 'home_kept', household_id, person_id, fact_id FROM notice WHERE starts_on > getvariable('d6');
