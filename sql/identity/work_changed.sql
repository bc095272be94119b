-- what:  records whose version is not the one that was last compared, those that are gone, and the bearers of an identifier that
--        has become a placeholder or is one no longer
--        Also who gave an address that has become communal, or is so no longer
-- grain: source record
-- reads: core.source_record, identity.match_record, identity.placeholder, work_placeholder, identity.communal,
--        identity.communal_known, identity.sighting
-- key:   source_record_id. known_from = of the version that stands now; null where none does
CREATE TEMP TABLE work_changed ON COMMIT DROP AS
WITH flipped AS (
    SELECT evidence, value FROM (SELECT * FROM work_placeholder UNION ALL SELECT * FROM identity.placeholder) both_nights
    GROUP BY evidence, value HAVING count(*) = 1
)
SELECT source_record_id, now.known_from
FROM (SELECT source_record_id, known_from FROM core.source_record WHERE known_to = 'infinity') now
FULL JOIN identity.match_record was USING (source_record_id)
WHERE now.known_from IS DISTINCT FROM was.known_from
UNION
SELECT r.source_record_id, r.known_from
FROM flipped f
JOIN core.source_record r ON r.known_to = 'infinity'
     AND f.value = CASE f.evidence WHEN 'nhs_number' THEN r.nhs_number WHEN 'upn' THEN r.upn ELSE r.nino END
UNION
SELECT r.source_record_id, r.known_from
FROM (SELECT uprn, written FROM (TABLE identity.communal EXCEPT TABLE identity.communal_known) came
      UNION
      SELECT uprn, written FROM (TABLE identity.communal_known EXCEPT TABLE identity.communal) went) a
CROSS JOIN LATERAL (SELECT s.source_record_id FROM identity.sighting s WHERE s.uprn = a.uprn
                    UNION
                    SELECT s.source_record_id FROM identity.sighting s WHERE s.written = a.written) s
JOIN core.source_record r ON r.source_record_id = s.source_record_id AND r.known_to = 'infinity'
