-- what:  identifiers that stand under so many references that they are nobody's: those that were so, and what new and changed records say
-- grain: kind of identifier x value
-- reads: work_pending, identity.placeholder, core.source_record
-- key:   evidence, value
CREATE TEMP TABLE work_placeholder ON COMMIT DROP AS
WITH told AS (
    SELECT evidence, value FROM identity.placeholder
    UNION
    SELECT v.evidence, v.value
    FROM work_pending p JOIN core.source_record r ON r.source_record_id = p.source_record_id AND r.known_to = 'infinity'
    CROSS JOIN LATERAL (VALUES ('nhs_number', r.nhs_number), ('upn', r.upn), ('nino', r.nino)) AS v (evidence, value)
    WHERE v.value IS NOT NULL
)
SELECT t.evidence, t.value
FROM told t
CROSS JOIN LATERAL (
    SELECT r.partner, r.person_ref FROM core.source_record r
    WHERE t.evidence = 'nhs_number' AND r.nhs_number = t.value AND r.known_to = 'infinity'
    UNION ALL
    SELECT r.partner, r.person_ref FROM core.source_record r WHERE t.evidence = 'upn' AND r.upn = t.value AND r.known_to = 'infinity'
    UNION ALL
    SELECT r.partner, r.person_ref FROM core.source_record r WHERE t.evidence = 'nino' AND r.nino = t.value AND r.known_to = 'infinity'
) held
GROUP BY t.evidence, t.value
HAVING count(*) > :most_records AND count(DISTINCT (held.partner, held.person_ref)) > :most_records
