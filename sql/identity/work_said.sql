-- what:  what the records of a list say of people, for comparing
-- grain: source record that introduces
-- reads: core.source_record, work_placeholder, work_listed
-- key:   source_record_id
CREATE TEMP TABLE work_said ON COMMIT DROP AS
SELECT r.source_record_id, hashtext(r.partner) AS partner, hashtextextended(r.partner || '|' || r.person_ref, 0) AS unit,
       r.forename, r.surname, r.date_of_birth, r.sex, r.address, r.postcode, nullif(ltrim(r.uprn, '0'), '') AS uprn,
       CASE WHEN ('nhs_number', r.nhs_number) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.nhs_number END AS nhs_number,
       CASE WHEN ('upn', r.upn) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.upn END AS upn,
       CASE WHEN ('nino', r.nino) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.nino END AS nino
FROM core.source_record r
JOIN work_listed USING (source_record_id)
WHERE r.known_to = 'infinity' AND r.introduces
