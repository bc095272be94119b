-- what:  each value by which units may agree: a person's word, a split partner reference, checked identifiers, name with birth date
--        and postcode (a placeholder birth date or a communal address is too weak for that). A school's person_ref is the UPN, so a reference that the same partner names as a former UPN is one
-- grain: kind of evidence x value x unit
-- reads: work_record, work_decision, work_upn, work_placeholder
-- key:   evidence, token, unit
CREATE TEMP TABLE work_token ON COMMIT DROP AS
SELECT cast(:said_same AS int) AS evidence, d.a || '|' || d.b AS token, r.unit
FROM work_decision d JOIN work_record r ON r.source_record_id IN (d.a, d.b)
WHERE d.is_same
UNION
SELECT :partner_ref, partner || '|' || person_ref, unit FROM work_record WHERE apart_id <> 0
UNION
SELECT :nhs_number, nhs_number, unit FROM work_record
WHERE nhs_number IS NOT NULL AND ('nhs_number', nhs_number) NOT IN (SELECT evidence, value FROM work_placeholder)
UNION
SELECT :nino, nino, unit FROM work_record
WHERE nino IS NOT NULL AND ('nino', nino) NOT IN (SELECT evidence, value FROM work_placeholder)
UNION
SELECT :upn, coalesce(c.upn_class, r.upn), r.unit
FROM work_record r LEFT JOIN work_upn c ON c.upn = r.upn
WHERE r.upn IS NOT NULL AND ('upn', r.upn) NOT IN (SELECT evidence, value FROM work_placeholder)
UNION
SELECT :upn, coalesce(c.upn_class, r.former_upn), r.unit
FROM work_record r LEFT JOIN work_upn c ON c.upn = r.former_upn
WHERE r.former_upn IS NOT NULL AND r.upn IS NULL
UNION
SELECT :upn, c.upn_class, r.unit
FROM (SELECT DISTINCT partner, former_upn FROM work_record WHERE former_upn IS NOT NULL) f
JOIN work_upn c ON c.upn = f.former_upn
JOIN work_record r ON r.partner = f.partner AND r.person_ref = f.former_upn
UNION
SELECT :name, forename || '|' || surname || '|' || date_of_birth || '|' || postcode, unit
FROM work_record
WHERE forename IS NOT NULL AND surname IS NOT NULL AND date_of_birth IS NOT NULL AND postcode IS NOT NULL
  AND dwells AND to_char(date_of_birth, 'MM-DD') <> ALL (CAST(:placeholder_days AS text[]))
