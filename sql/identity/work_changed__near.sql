-- what:  of the records that something was noted of, those whose version is not the one that was last compared; and the bearers of an
--        identifier that has become a placeholder or is one no longer
--        Also who gave an address that has become communal, or is so no longer
-- grain: source record
-- reads: work_pending, core.source_record, identity.match_record, identity.placeholder, work_placeholder, identity.communal,
--        identity.communal_known, identity.sighting
-- key:   source_record_id. known_from = of the version that stands now; null where none does
CREATE TEMP TABLE work_changed ON COMMIT DROP AS
WITH flipped AS (
    SELECT evidence, value FROM (SELECT * FROM work_placeholder UNION ALL SELECT * FROM identity.placeholder) both_nights
    GROUP BY evidence, value HAVING count(*) = 1
)
SELECT p.source_record_id, now.known_from
FROM work_pending p
LEFT JOIN core.source_record now ON now.source_record_id = p.source_record_id AND now.known_to = 'infinity'
LEFT JOIN identity.match_record was ON was.source_record_id = p.source_record_id
WHERE now.known_from IS DISTINCT FROM was.known_from
UNION
SELECT r.source_record_id, r.known_from FROM flipped f JOIN core.source_record r ON r.known_to = 'infinity' AND r.nhs_number = f.value
WHERE f.evidence = 'nhs_number'
UNION
SELECT r.source_record_id, r.known_from FROM flipped f JOIN core.source_record r ON r.known_to = 'infinity' AND r.upn = f.value
WHERE f.evidence = 'upn'
UNION
SELECT r.source_record_id, r.known_from FROM flipped f JOIN core.source_record r ON r.known_to = 'infinity' AND r.nino = f.value
WHERE f.evidence = 'nino'
UNION
SELECT r.source_record_id, r.known_from
FROM (SELECT uprn, written FROM (TABLE identity.communal EXCEPT TABLE identity.communal_known) came
      UNION
      SELECT uprn, written FROM (TABLE identity.communal_known EXCEPT TABLE identity.communal) went) a
CROSS JOIN LATERAL (SELECT s.source_record_id FROM identity.sighting s WHERE s.uprn = a.uprn
                    UNION
                    SELECT s.source_record_id FROM identity.sighting s WHERE s.written = a.written) s
JOIN core.source_record r ON r.source_record_id = s.source_record_id AND r.known_to = 'infinity'
