-- what:  what partners said of a person, every version, with file and line
-- grain: source record version
-- reads: core.source_record, landing.delivery
-- key:   source_record_id, known_from
SELECT s.feed, s.partner, s.person_ref, s.forename, s.surname, s.date_of_birth, s.sex, s.address, s.postcode, s.uprn, s.upn, s.former_upn,
       s.nhs_number, s.nino, d.file_name, s.line_no, s.known_from, nullif(s.known_to, 'infinity') AS known_to
FROM core.source_record s JOIN landing.delivery d USING (delivery_id)
WHERE s.source_record_id = ANY (CAST(:ids AS bigint[]))
ORDER BY s.feed, s.known_from
