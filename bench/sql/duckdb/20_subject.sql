-- What:  whose facts speak for which household, with the days of membership and of each age; and who has a dependent child.
-- Grain: household x person x source record; household.   Reads: membership, person, person_link.   Key: the grain.
CREATE TABLE subject AS
SELECT m.household_id, m.person_id, l.source_record_id, coalesce(m.joined_on, DATE '0001-01-01') AS joined_on,
       coalesce(m.left_on, DATE '9999-12-31') AS left_on, p.date_of_birth AS born_on, birthday(p.date_of_birth, 18) AS adult_on,
       birthday(p.date_of_birth, 5) AS school_on, birthday(p.date_of_birth, 16) AS left_school_on,
       coalesce(m.joined_on <= getvariable('d'), true) AND coalesce(m.left_on > getvariable('d'), true) AS is_member
FROM membership m JOIN person p USING (person_id) JOIN person_link l USING (person_id);
CREATE TABLE with_child AS
SELECT DISTINCT household_id FROM subject WHERE is_member AND born_on <= getvariable('d') AND adult_on > getvariable('d');
CREATE TABLE hit (side TEXT, problem TEXT, criterion TEXT, household_id BIGINT, person_id BIGINT, fact_id BIGINT);
