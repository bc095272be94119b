-- what:  the likeliest pair of each two persons whom the model finds alike and who are not one, where a record of either may have
--        changed its person. A pair that people spoke about is settled
-- grain: pair of persons
-- reads: work_edge, work_link, work_decision, work_sealed_person, identity.person_link, core.source_record
-- key:   source_record_a, source_record_b
CREATE TEMP TABLE work_uncertain ON COMMIT DROP AS
WITH linked AS (
    SELECT e.*, coalesce(la.person_id, (SELECT l.person_id FROM identity.person_link l
                                        WHERE l.source_record_id = e.source_record_a AND l.known_to = 'infinity')) AS person_a,
           coalesce(lb.person_id, (SELECT l.person_id FROM identity.person_link l
                                   WHERE l.source_record_id = e.source_record_b AND l.known_to = 'infinity')) AS person_b
    FROM work_edge e
    LEFT JOIN work_link la ON la.source_record_id = e.source_record_a
    LEFT JOIN work_link lb ON lb.source_record_id = e.source_record_b
    WHERE e.match_weight >= :review_at AND la.person_id IS DISTINCT FROM lb.person_id
), placed AS (
    SELECT e.match_weight, e.levels, least(e.person_a, e.person_b) AS one, greatest(e.person_a, e.person_b) AS other,
           (a.first_snapshot_on, a.source_record_id) < (b.first_snapshot_on, b.source_record_id) AS in_order, a.source_record_id AS a,
           b.source_record_id AS b
    FROM linked e
    CROSS JOIN LATERAL (SELECT r.source_record_id, r.first_snapshot_on FROM core.source_record r
                        WHERE r.source_record_id = e.source_record_a AND r.known_to = 'infinity' OFFSET 0) a
    CROSS JOIN LATERAL (SELECT r.source_record_id, r.first_snapshot_on FROM core.source_record r
                        WHERE r.source_record_id = e.source_record_b AND r.known_to = 'infinity' OFFSET 0) b
    WHERE e.person_a <> e.person_b
)
SELECT DISTINCT ON (one, other)
       CASE WHEN in_order THEN a ELSE b END AS source_record_a, CASE WHEN in_order THEN b ELSE a END AS source_record_b, match_weight, levels,
       'uncertain' AS kind
FROM placed p
WHERE NOT EXISTS (SELECT FROM work_decision d WHERE (d.a, d.b) = (p.a, p.b))
  AND NOT EXISTS (SELECT FROM work_sealed_person s WHERE (s.one, s.other) = (p.one, p.other))
ORDER BY one, other, match_weight DESC, a, b
