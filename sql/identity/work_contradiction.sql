-- what:  refused agreements between records that are still not one person, values too common to be evidence, and former UPNs
--        that different children claim
-- grain: pair of records x reason
-- reads: work_refusal, work_record, work_link, work_upn
-- key:   source_record_a, source_record_b, because
CREATE TEMP TABLE work_contradiction ON COMMIT DROP AS
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
