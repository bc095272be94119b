-- what:  what partners said of a person, every version, with file and line; and the homes that files gave which came after later ones, of
--        which no version was made
-- grain: source record version
-- reads: core.source_record, core.past_home, landing.delivery
-- key:   source_record_id, known_from
SELECT s.feed, s.partner, s.person_ref, s.forename, s.surname, s.date_of_birth, s.sex, s.address, s.postcode, s.uprn, s.upn, s.former_upn,
       s.nhs_number, s.nino, d.file_name, s.line_no, s.known_from, nullif(s.known_to, 'infinity') AS known_to
FROM core.source_record s JOIN landing.delivery d USING (delivery_id)
WHERE s.source_record_id = ANY (CAST(:ids AS bigint[]))
UNION ALL
SELECT d.feed, h.partner, r.person_ref, NULL, h.surname, NULL, NULL, h.address, h.postcode, h.uprn, NULL, NULL,
       NULL, NULL, d.file_name, NULL, NULL, NULL
FROM core.past_home h
JOIN landing.delivery d USING (delivery_id)
JOIN core.source_record r ON r.source_record_id = h.source_record_id AND r.known_to = 'infinity'
WHERE h.source_record_id = ANY (CAST(:ids AS bigint[]))
ORDER BY feed, known_from
