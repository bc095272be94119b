-- what:  persons who are new, or whose settled birth date or sex changed. Settled: what most of the person's records say;
--        among equals, what the record seen first says. Unknown stays null
-- grain: person that differs from identity.person
-- reads: work_link, work_record, identity.person
-- key:   person_id
CREATE TEMP TABLE work_person_change ON COMMIT DROP AS
WITH said AS (
    SELECT l.person_id, r.place, r.date_of_birth, r.sex
    FROM work_link l JOIN work_record r USING (source_record_id)
    WHERE r.introduces
), born AS (
    SELECT DISTINCT ON (person_id) person_id, date_of_birth
    FROM said WHERE date_of_birth IS NOT NULL
    GROUP BY person_id, date_of_birth ORDER BY person_id, count(*) DESC, min(place)
), sexed AS (
    SELECT DISTINCT ON (person_id) person_id, sex
    FROM said WHERE sex IS NOT NULL
    GROUP BY person_id, sex ORDER BY person_id, count(*) DESC, min(place)
)
SELECT now.person_id, born.date_of_birth, sexed.sex
FROM (SELECT DISTINCT person_id FROM said) now
LEFT JOIN born USING (person_id)
LEFT JOIN sexed USING (person_id)
LEFT JOIN identity.person was USING (person_id)
WHERE was.person_id IS NULL OR (was.date_of_birth, was.sex) IS DISTINCT FROM (born.date_of_birth, sexed.sex)
