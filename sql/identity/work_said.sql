-- what:  what the records of a list say of people, for comparing
--        An address that the council knows to be communal says nothing of who somebody is
-- grain: source record that introduces
-- reads: core.source_record, identity.communal, work_placeholder, work_listed
-- key:   source_record_id
CREATE TEMP TABLE work_said ON COMMIT DROP AS
SELECT r.source_record_id, hashtext(r.partner) AS partner, hashtextextended(r.partner || '|' || r.person_ref, 0) AS unit,
       r.forename, r.surname, r.date_of_birth, r.sex, CASE WHEN h.dwells THEN r.address END AS address,
       CASE WHEN h.dwells THEN r.postcode END AS postcode, CASE WHEN h.dwells THEN nullif(ltrim(r.uprn, '0'), '') END AS uprn,
       CASE WHEN ('nhs_number', r.nhs_number) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.nhs_number END AS nhs_number,
       CASE WHEN ('upn', r.upn) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.upn END AS upn,
       CASE WHEN ('nino', r.nino) NOT IN (SELECT evidence, value FROM work_placeholder) THEN r.nino END AS nino
FROM core.source_record r
JOIN work_listed USING (source_record_id)
CROSS JOIN LATERAL (
    SELECT coalesce(ltrim(r.uprn, '0'), '') NOT IN (SELECT uprn FROM identity.communal WHERE uprn IS NOT NULL)
       AND coalesce(identity.text_key(r.address) || '|' || identity.text_key(r.postcode), '')
           NOT IN (SELECT written FROM identity.communal WHERE written IS NOT NULL) AS dwells
) h
WHERE r.known_to = 'infinity' AND r.introduces
