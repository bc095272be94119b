-- what:  the likeliest pair of each two persons whom the model finds alike and who are not one, where a record of either may have
--        changed its person. A pair that people spoke about is settled
-- grain: pair of persons
-- reads: work_touched, work_decision, work_sealed_person, identity.match_edge, identity.person_link, core.source_record
-- key:   source_record_a, source_record_b
CREATE TEMP TABLE work_uncertain ON COMMIT DROP AS
WITH near AS (
    SELECT e.* FROM identity.match_edge e JOIN work_touched t ON t.source_record_id = e.source_record_a WHERE e.match_weight >= :review_at
    UNION
    SELECT e.* FROM identity.match_edge e JOIN work_touched t ON t.source_record_id = e.source_record_b WHERE e.match_weight >= :review_at
), placed AS (
    SELECT e.match_weight, e.levels, least(la.person_id, lb.person_id) AS one, greatest(la.person_id, lb.person_id) AS other,
           (a.first_snapshot_on, a.source_record_id) < (b.first_snapshot_on, b.source_record_id) AS in_order, a.source_record_id AS a,
           b.source_record_id AS b
    FROM near e
    JOIN core.source_record a ON a.source_record_id = e.source_record_a AND a.known_to = 'infinity'
    JOIN core.source_record b ON b.source_record_id = e.source_record_b AND b.known_to = 'infinity'
    JOIN identity.person_link la ON la.source_record_id = a.source_record_id AND la.known_to = 'infinity'
    JOIN identity.person_link lb ON lb.source_record_id = b.source_record_id AND lb.known_to = 'infinity'
    WHERE la.person_id <> lb.person_id
)
SELECT DISTINCT ON (one, other)
       CASE WHEN in_order THEN a ELSE b END AS source_record_a, CASE WHEN in_order THEN b ELSE a END AS source_record_b, match_weight, levels,
       'uncertain' AS kind
FROM placed p
WHERE NOT EXISTS (SELECT FROM work_decision d WHERE (d.a, d.b) = (p.a, p.b))
  AND NOT EXISTS (SELECT FROM work_sealed_person s WHERE (s.one, s.other) = (p.one, p.other))
ORDER BY one, other, match_weight DESC, a, b
