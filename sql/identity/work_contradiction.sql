-- what:  refused agreements between records that are still not one person, identifiers too common to be evidence, and former UPNs
--        that different children claim
-- grain: pair of records x reason
-- reads: work_refusal, work_record, work_link, work_upn, work_placeholder, work_sealed_person, core.source_record, identity.person_link
-- key:   source_record_a, source_record_b, because
CREATE TEMP TABLE work_contradiction ON COMMIT DROP AS
WITH found AS (
SELECT DISTINCT a.source_record_id AS source_record_a, b.source_record_id AS source_record_b, f.because
FROM work_refusal f
JOIN work_record a ON a.place = f.unit_a
JOIN work_record b ON b.place = f.unit_b
LEFT JOIN work_link la ON la.source_record_id = a.source_record_id
LEFT JOIN work_link lb ON lb.source_record_id = b.source_record_id
WHERE la.person_id IS DISTINCT FROM lb.person_id
UNION
SELECT a.source_record_id, b.source_record_id, 'two children claim one former UPN'
FROM (SELECT min(place) AS first, max(place) AS last FROM work_record
      WHERE upn IS NOT NULL AND former_upn <> upn AND former_upn NOT IN (SELECT upn FROM work_upn)
      GROUP BY former_upn) claim
JOIN work_record a ON a.place = claim.first
JOIN work_record b ON b.place = claim.last
UNION
SELECT h.holder[1], h.holder[2], e.because || ', on more than ' || :most_records || ' records'
FROM (SELECT evidence, value, (array_agg(first ORDER BY seen, first))[1:2] AS holder
      FROM (SELECT p.evidence, p.value, (array_agg(r.source_record_id ORDER BY r.first_snapshot_on, r.source_record_id))[1] AS first,
                   min(r.first_snapshot_on) AS seen
            FROM work_placeholder p
            CROSS JOIN LATERAL (
                SELECT s.* FROM core.source_record s WHERE p.evidence = 'nhs_number' AND s.nhs_number = p.value AND s.known_to = 'infinity'
                UNION ALL
                SELECT s.* FROM core.source_record s WHERE p.evidence = 'upn' AND s.upn = p.value AND s.known_to = 'infinity'
                UNION ALL
                SELECT s.* FROM core.source_record s WHERE p.evidence = 'nino' AND s.nino = p.value AND s.known_to = 'infinity'
            ) r
            GROUP BY p.evidence, p.value, r.partner, r.person_ref) unit
      GROUP BY evidence, value) h
JOIN jsonb_to_recordset(cast(:evidence AS jsonb)) AS e (name text, because text) ON e.name = h.evidence
LEFT JOIN identity.person_link la ON la.source_record_id = h.holder[1] AND la.known_to = 'infinity'
LEFT JOIN identity.person_link lb ON lb.source_record_id = h.holder[2] AND lb.known_to = 'infinity'
WHERE la.person_id IS DISTINCT FROM lb.person_id
)
SELECT f.* FROM found f
WHERE NOT EXISTS (SELECT FROM work_sealed_person s
                  JOIN identity.person_link la ON la.source_record_id = f.source_record_a AND la.known_to = 'infinity'
                  JOIN identity.person_link lb ON lb.source_record_id = f.source_record_b AND lb.known_to = 'infinity'
                  WHERE (s.one, s.other) = (least(la.person_id, lb.person_id), greatest(la.person_id, lb.person_id)))
