-- What:  each household with its attachment day, and the day since which its problems count.
-- Grain: household.   Reads: household, household_ref, fact.   Key: household_id.
CREATE MACRO birthday(born, years) AS (born + to_years(years))::DATE + (day(born + to_years(years)) < day(born))::INT;
CREATE TABLE hh AS
SELECT h.household_id, max(f.starts_on) AS attached_on, coalesce(max(f.starts_on), getvariable('d')) AS since
FROM household h
LEFT JOIN household_ref r USING (household_id)
LEFT JOIN fact f ON f.kind = 'family_attached' AND f.partner = r.partner AND f.family_ref = r.family_ref AND f.starts_on <= getvariable('d')
GROUP BY h.household_id;
