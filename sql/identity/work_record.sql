-- what:  the current source records that may change their person, in order of first sight, each with its unit: the records of one partner reference,
--        which are one person unless a person said that two of them differ (then each stands alone)
-- grain: source record
-- reads: core.source_record, work_seen, work_decision, work_sealed, work_touched
-- key:   source_record_id; also place. unit = the smallest place of the unit's records;
--        dwells = its address is none that the council knows to be communal
CREATE TEMP TABLE work_record ON COMMIT DROP AS
WITH apart AS (
    SELECT DISTINCT a.partner, a.person_ref
    FROM work_decision d
    JOIN core.source_record a ON a.source_record_id = d.a AND a.known_to = 'infinity'
    JOIN core.source_record b ON b.source_record_id = d.b AND b.known_to = 'infinity'
    WHERE NOT d.is_same AND a.partner = b.partner AND a.person_ref = b.person_ref
    UNION
    SELECT a.partner, a.person_ref
    FROM work_sealed s
    JOIN core.source_record a ON a.source_record_id = s.a AND a.known_to = 'infinity'
    JOIN core.source_record b ON b.source_record_id = s.b AND b.known_to = 'infinity'
    WHERE a.partner = b.partner AND a.person_ref = b.person_ref
), placed AS (
    SELECT row_number() OVER (ORDER BY r.first_snapshot_on, r.source_record_id)::int AS place,
           r.source_record_id, r.partner, r.person_ref, r.introduces,
           CASE WHEN apart.partner IS NULL THEN 0 ELSE r.source_record_id END AS apart_id,
           identity.text_key(r.forename) AS forename, identity.text_key(r.surname) AS surname, r.date_of_birth,
           identity.text_key(r.postcode) AS postcode,
           r.dwells, nullif(r.sex, 'U') AS sex, r.upn, r.former_upn, r.nhs_number, r.nino
    FROM work_seen r
    JOIN work_touched t USING (source_record_id)
    LEFT JOIN apart ON apart.partner = r.partner AND apart.person_ref = r.person_ref
)
SELECT *, min(place) OVER unit AS unit, bool_or(introduces) OVER unit AS is_introduced
FROM placed
WINDOW unit AS (PARTITION BY partner, person_ref, apart_id)
