-- what:  what each record that introduces somebody says of them, as the partner wrote it, and whom it was taken for until now
--        An address that the council knows to be communal says nothing of who somebody is, nor does an identifier that is a placeholder
-- grain: source record that introduces
-- reads: work_record, work_seen, work_linked, work_placeholder
-- key:   place
SELECT w.place, w.unit, r.source_record_id, l.person_id, hashtext(w.partner) AS partner, r.forename, r.surname, r.date_of_birth, r.sex,
       CASE WHEN w.dwells THEN r.address END AS address, CASE WHEN w.dwells THEN r.postcode END AS postcode,
       CASE WHEN w.dwells THEN nullif(ltrim(r.uprn, '0'), '') END AS uprn,
       CASE WHEN ('nhs_number', r.nhs_number) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.nhs_number END AS nhs_number,
       CASE WHEN ('upn', r.upn) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.upn END AS upn,
       CASE WHEN ('nino', r.nino) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.nino END AS nino
FROM work_record w
JOIN work_seen r USING (source_record_id)
LEFT JOIN work_linked l USING (source_record_id)
WHERE w.introduces
ORDER BY w.place
