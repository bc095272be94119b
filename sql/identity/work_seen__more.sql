-- what:  read those records of a list that were not read yet
-- grain: source record
-- reads: work_listed, work_seen, core.source_record, identity.communal
-- key:   source_record_id
INSERT INTO work_seen
SELECT r.*,
       NOT EXISTS (SELECT FROM identity.communal)
       OR coalesce(ltrim(r.uprn, '0'), '') NOT IN (SELECT uprn FROM identity.communal WHERE uprn IS NOT NULL)
          AND coalesce(identity.text_key(r.address) || '|' || identity.text_key(r.postcode), '')
              NOT IN (SELECT written FROM identity.communal WHERE written IS NOT NULL)
FROM (SELECT DISTINCT source_record_id FROM work_listed WHERE source_record_id NOT IN (SELECT source_record_id FROM work_seen)) l
CROSS JOIN LATERAL (
    SELECT source_record_id, partner, person_ref, introduces, first_snapshot_on, forename, surname, date_of_birth, sex, address, postcode,
           uprn, upn, former_upn, nhs_number, nino
    FROM core.source_record s WHERE s.source_record_id = l.source_record_id AND s.known_to = 'infinity' OFFSET 0
) r
