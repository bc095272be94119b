-- what:  the persons whom the file introduces or describes otherwise
-- grain: source record
-- reads: staged_change, staging_source
-- key:   source_record_id, known_from
INSERT INTO core.source_record (source_record_id, partner, feed, person_ref, introduces, forename, surname, date_of_birth, sex,
                                address, postcode, uprn, upn, former_upn, nhs_number, nino, first_snapshot_on, delivery_id,
                                line_no, known_from)
SELECT c.source_record_id, d.partner, d.feed, c.person_ref, d.introduces, c.forename, c.surname, c.date_of_birth, c.sex,
       c.address, c.postcode, c.uprn, c.upn, c.former_upn, c.nhs_number, c.nino,
       coalesce(c.first_snapshot_on, d.snapshot_on), d.delivery_id, c.line_no, :known_at
FROM staged_change c CROSS JOIN staging_source d
