-- what:  identifiers that stand under so many references that they are nobody's
-- grain: kind of identifier x value
-- reads: core.source_record
-- key:   evidence, value
CREATE TEMP TABLE work_placeholder ON COMMIT DROP AS
SELECT v.evidence, v.value
FROM core.source_record r
CROSS JOIN LATERAL (VALUES ('nhs_number', r.nhs_number), ('upn', r.upn), ('nino', r.nino)) AS v (evidence, value)
WHERE r.known_to = 'infinity' AND v.value IS NOT NULL
GROUP BY v.evidence, v.value
HAVING count(*) > :most_records AND count(DISTINCT (r.partner, r.person_ref)) > :most_records
