-- what:  persons whom the file introduces or describes otherwise than the current record; a person's last line counts.
--        A feed without particulars can only introduce somebody, and only in a row that says something new
-- grain: source record
-- reads: staged_person, staged_touched, core.source_record, staging_source
-- key:   source_record_id
CREATE TEMP TABLE staged_change ON COMMIT DROP AS
WITH last_line AS (
    SELECT DISTINCT ON (person_ref) *
    FROM staged_person
    WHERE (SELECT introduces FROM staging_source) OR line_no IN (SELECT line_no FROM staged_touched)
    ORDER BY person_ref, line_no DESC
), told AS (
    SELECT core.hash_id('person|' || d.partner || '|' || d.feed || '|' || p.person_ref) AS source_record_id, p.*
    FROM last_line p CROSS JOIN staging_source d
)
SELECT t.*, s.first_snapshot_on
FROM told t
LEFT JOIN core.source_record s ON s.source_record_id = t.source_record_id AND s.known_to = 'infinity'
WHERE s.source_record_id IS NULL
   OR (s.forename, s.surname, s.date_of_birth, s.sex, s.address, s.postcode, s.uprn, s.upn, s.former_upn, s.nhs_number, s.nino)
      IS DISTINCT FROM
      (t.forename, t.surname, t.date_of_birth, t.sex, t.address, t.postcode, t.uprn, t.upn, t.former_upn, t.nhs_number, t.nino)
