-- what:  the persons of whose records each of the given identifiers stands on one at least
-- grain: person x surname
-- reads: core.source_record, identity.person_link
-- key:   person_id, surname
WITH touched AS (
    SELECT l.person_id, r.surname, r.nhs_number, r.upn, r.former_upn, r.nino, r.date_of_birth, r.postcode
    FROM core.source_record r
    JOIN identity.person_link l ON l.source_record_id = r.source_record_id AND l.known_to = 'infinity'
    WHERE r.known_to = 'infinity'
      AND (r.nhs_number = :nhs_number OR r.upn = :upn OR r.former_upn = :upn OR r.nino = :nino OR r.date_of_birth = :date_of_birth
           OR r.postcode = :postcode)
), meant AS (
    SELECT person_id FROM touched
    GROUP BY person_id
    HAVING (CAST(:nhs_number AS text) IS NULL OR bool_or(nhs_number = :nhs_number))
       AND (CAST(:upn AS text) IS NULL OR bool_or(upn = :upn OR former_upn = :upn))
       AND (CAST(:nino AS text) IS NULL OR bool_or(nino = :nino))
       AND (CAST(:date_of_birth AS date) IS NULL OR bool_or(date_of_birth = :date_of_birth))
       AND (CAST(:postcode AS text) IS NULL OR bool_or(postcode = :postcode))
)
SELECT DISTINCT m.person_id, r.surname
FROM meant m
JOIN identity.person_link l ON l.person_id = m.person_id AND l.known_to = 'infinity'
JOIN core.source_record r ON r.source_record_id = l.source_record_id AND r.known_to = 'infinity'
