-- what:  what is said of people, each distinct view of somebody once: exact copies would weigh as agreement. A model is learnt from it
-- grain: distinct particulars
-- reads: core.source_record
-- key:   none
SELECT DISTINCT forename, surname, date_of_birth, sex, address, postcode, nullif(ltrim(uprn, '0'), '') AS uprn,
       nhs_number, upn, nino
FROM core.source_record WHERE known_to = 'infinity' AND introduces
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
