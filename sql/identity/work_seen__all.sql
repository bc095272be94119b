-- what:  read every current record, where all is compared anew
-- grain: source record
-- reads: core.source_record, identity.communal
-- key:   source_record_id
INSERT INTO work_seen
SELECT source_record_id, partner, person_ref, introduces, first_snapshot_on, forename, surname, date_of_birth, sex, address, postcode,
       uprn, upn, former_upn, nhs_number, nino,
       NOT EXISTS (SELECT FROM identity.communal)
       OR coalesce(ltrim(r.uprn, '0'), '') NOT IN (SELECT uprn FROM identity.communal WHERE uprn IS NOT NULL)
          AND coalesce(identity.text_key(r.address) || '|' || identity.text_key(r.postcode), '')
              NOT IN (SELECT written FROM identity.communal WHERE written IS NOT NULL)
FROM core.source_record r
WHERE known_to = 'infinity'
