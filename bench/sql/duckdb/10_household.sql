-- What:  each household with its attachment day, the day since which its problems count, and the day until which it is looked at:
--        the day itself, or three years and a quarter on for the attached. Words for problems and criteria are kept as numbers.
-- Grain: household.   Reads: household, household_ref, fact, question.   Key: household_id.
CREATE TYPE problem_name AS ENUM (SELECT DISTINCT problem FROM question ORDER BY problem);
CREATE TYPE criterion_name AS ENUM (SELECT DISTINCT criterion FROM question ORDER BY criterion);
CREATE MACRO leaves(on_day, months) AS (on_day + to_months(months))::DATE + (day(on_day + to_months(months)) < day(on_day))::INT;
CREATE TEMP TABLE hh AS
SELECT household_id, attached_on, coalesce(attached_on, getvariable('d')) AS since,
       (coalesce(attached_on, getvariable('d')) - INTERVAL 12 MONTH)::DATE AS since_12, (coalesce(attached_on, getvariable('d')) - INTERVAL 6 MONTH)::DATE AS since_6,
       CASE WHEN attached_on IS NULL THEN getvariable('d') + 1 ELSE getvariable('far') + 92 END AS till
FROM household LEFT JOIN (
    SELECT r.household_id, max(f.starts_on) AS attached_on FROM fact f JOIN household_ref r USING (partner, family_ref)
    WHERE f.kind = 'family_attached' AND f.starts_on <= getvariable('d') GROUP BY r.household_id) USING (household_id);
