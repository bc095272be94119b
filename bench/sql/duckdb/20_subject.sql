-- What:  whose facts speak for which household, with the days of membership and of each age; the days on which it holds a child;
--        what is found (a fact, a criterion and the days on which it counts), and what is in doubt.
-- Grain: household x person x source record; household x run of days; as it says.   Reads: hh, membership, person, person_link.   Key: the grain.
CREATE TEMP TABLE subject AS
SELECT h.household_id, m.person_id, l.source_record_id, h.since, h.till, h.since_12, h.attached_on, coalesce(m.joined_on, DATE '0001-01-01') AS joined_on,
       coalesce(m.left_on, DATE '9999-12-31') AS left_on, p.date_of_birth AS born_on, leaves(p.date_of_birth, 216) AS adult_on,
       leaves(p.date_of_birth, 60) AS school_on, leaves(p.date_of_birth, 192) AS left_school_on
FROM membership m JOIN hh h USING (household_id) JOIN person p USING (person_id) JOIN person_link l USING (person_id)
WHERE m.joined_on IS NULL OR m.joined_on <= getvariable('d');
CREATE TEMP TABLE child_days AS
WITH spell AS (
    SELECT household_id, greatest(joined_on, born_on) AS from_on, least(left_on, adult_on) AS to_on FROM subject WHERE greatest(joined_on, born_on) < least(left_on, adult_on)
), started AS (
    SELECT *, coalesce(from_on > max(to_on) OVER (PARTITION BY household_id ORDER BY from_on, to_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS is_start FROM spell
), numbered AS (
    SELECT *, sum(is_start::INT) OVER (PARTITION BY household_id ORDER BY from_on, to_on ROWS UNBOUNDED PRECEDING) AS run FROM started
)
SELECT household_id, min(from_on) AS from_on, max(to_on) AS to_on FROM numbered GROUP BY household_id, run;
-- a fact that decides by itself, and the days on which it does; facts that are counted or compared, and the days on which they are enough; `ref`: what several facts share, where they count once
CREATE TEMP TABLE found (problem problem_name, criterion criterion_name, household_id BIGINT, person_id BIGINT, fact_id BIGINT, from_on DATE, to_on DATE, ref TEXT);
CREATE TEMP TABLE counting (problem problem_name, criterion criterion_name, test INT, household_id BIGINT, person_id BIGINT, fact_id BIGINT, from_on DATE, to_on DATE, ref TEXT, amount DOUBLE);
CREATE TEMP TABLE counted (problem problem_name, criterion criterion_name, test INT, household_id BIGINT, from_on DATE, to_on DATE);
CREATE TEMP TABLE doubt (problem problem_name, criterion criterion_name, household_id BIGINT, feed TEXT, from_on DATE, to_on DATE);
