-- what:  what each record that introduces somebody says of them, as the partner wrote it; a UPN of a chain is the chain's first.
--        An identifier that is a placeholder is none
-- grain: source record that introduces
-- reads: work_record, core.source_record, work_upn, work_agreement
-- key:   place
CREATE TEMP TABLE work_particulars ON COMMIT DROP AS
WITH placeholder AS (
    SELECT evidence, token FROM work_agreement WHERE is_placeholder
)
SELECT w.place, w.unit, hashtext(w.partner) AS partner, r.forename, r.surname, r.date_of_birth, w.sex, r.address, r.postcode,
       nullif(ltrim(r.uprn, '0'), '') AS uprn,
       CASE WHEN (cast(:nhs_number AS int), r.nhs_number) NOT IN (SELECT * FROM placeholder) THEN r.nhs_number END AS nhs_number,
       CASE WHEN (cast(:upn AS int), coalesce(c.upn_class, r.upn)) NOT IN (SELECT * FROM placeholder) THEN coalesce(c.upn_class, r.upn) END AS upn,
       CASE WHEN (cast(:nino AS int), r.nino) NOT IN (SELECT * FROM placeholder) THEN r.nino END AS nino
FROM work_record w
JOIN core.source_record r ON r.source_record_id = w.source_record_id AND r.known_to = 'infinity'
LEFT JOIN work_upn c ON c.upn = r.upn
WHERE w.introduces
