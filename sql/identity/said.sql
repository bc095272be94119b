-- what:  what the records of a list say of people, for comparing
--        An address that the council knows to be communal says nothing of who somebody is, nor does an identifier that is a placeholder
-- grain: source record that introduces
-- reads: work_seen, work_placeholder, work_listed
-- key:   source_record_id
SELECT r.source_record_id, hashtext(r.partner) AS partner, hashtextextended(r.partner || '|' || r.person_ref, 0) AS unit,
       r.forename, r.surname, r.date_of_birth, r.sex, CASE WHEN r.dwells THEN r.address END AS address,
       CASE WHEN r.dwells THEN r.postcode END AS postcode, CASE WHEN r.dwells THEN nullif(ltrim(r.uprn, '0'), '') END AS uprn,
       CASE WHEN ('nhs_number', r.nhs_number) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.nhs_number END AS nhs_number,
       CASE WHEN ('upn', r.upn) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.upn END AS upn,
       CASE WHEN ('nino', r.nino) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.nino END AS nino
FROM work_seen r
JOIN work_listed USING (source_record_id)
WHERE r.introduces
ORDER BY source_record_id
