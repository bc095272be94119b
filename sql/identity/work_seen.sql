-- what:  the current source records that this run has read, each once; filled by work_seen__more or work_seen__all
-- grain: source record
-- reads: core.source_record (its columns)
-- key:   source_record_id. dwells = its address is none that the council knows to be communal
CREATE TEMP TABLE work_seen ON COMMIT DROP AS
SELECT source_record_id, partner, person_ref, introduces, first_snapshot_on, forename, surname, date_of_birth, sex, address, postcode, uprn,
       upn, former_upn, nhs_number, nino, true AS dwells
FROM core.source_record
WITH NO DATA
