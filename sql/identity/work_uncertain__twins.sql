-- what:  pairs of two persons alike as twins are, where no identifier tells them apart: one child under two names, or two children. Never
--        joined by weight; a person may know. A pair that people spoke about is settled
-- grain: pair of persons
-- reads: work_touched, work_decision, work_sealed_person, identity.match_twin, identity.person_link, core.source_record
-- key:   source_record_a, source_record_b
INSERT INTO work_uncertain (source_record_a, source_record_b, match_weight, levels, kind)
WITH near AS (
    SELECT e.* FROM identity.match_twin e JOIN work_touched t ON t.source_record_id = e.source_record_a
    UNION
    SELECT e.* FROM identity.match_twin e JOIN work_touched t ON t.source_record_id = e.source_record_b
), placed AS (
    SELECT e.levels, least(la.person_id, lb.person_id) AS one, greatest(la.person_id, lb.person_id) AS other,
           (a.first_snapshot_on, a.source_record_id) < (b.first_snapshot_on, b.source_record_id) AS in_order, a.source_record_id AS a,
           b.source_record_id AS b
    FROM near e
    JOIN core.source_record a ON a.source_record_id = e.source_record_a AND a.known_to = 'infinity'
    JOIN core.source_record b ON b.source_record_id = e.source_record_b AND b.known_to = 'infinity'
    JOIN identity.person_link la ON la.source_record_id = a.source_record_id AND la.known_to = 'infinity'
    JOIN identity.person_link lb ON lb.source_record_id = b.source_record_id AND lb.known_to = 'infinity'
    WHERE la.person_id <> lb.person_id
), held AS (
    SELECT p.person_id, max(r.nhs_number) AS nhs_number, max(r.upn) AS upn, max(r.nino) AS nino
    FROM (SELECT one AS person_id FROM placed UNION SELECT other FROM placed) p
    JOIN identity.person_link l ON l.person_id = p.person_id AND l.known_to = 'infinity'
    JOIN core.source_record r ON r.source_record_id = l.source_record_id AND r.known_to = 'infinity'
    GROUP BY p.person_id
), said AS (
    SELECT least(la.person_id, lb.person_id) AS one, greatest(la.person_id, lb.person_id) AS other
    FROM work_decision d
    JOIN identity.person_link la ON la.source_record_id = d.a AND la.known_to = 'infinity'
    JOIN identity.person_link lb ON lb.source_record_id = d.b AND lb.known_to = 'infinity'
)
SELECT DISTINCT ON (p.one, p.other)
       CASE WHEN in_order THEN a ELSE b END, CASE WHEN in_order THEN b ELSE a END, NULL::double precision, levels, 'twins'
FROM placed p
JOIN held x ON x.person_id = p.one
JOIN held y ON y.person_id = p.other
WHERE (x.nhs_number IS NULL OR y.nhs_number IS NULL) AND (x.upn IS NULL OR y.upn IS NULL) AND (x.nino IS NULL OR y.nino IS NULL)
  AND NOT EXISTS (SELECT FROM said d WHERE (d.one, d.other) = (p.one, p.other))
  AND NOT EXISTS (SELECT FROM work_sealed_person s WHERE (s.one, s.other) = (p.one, p.other))
ORDER BY p.one, p.other, a, b
