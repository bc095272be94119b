-- what:  records that share a reference, an identifier, a person, a decision, a contradiction or a likeness with those of the last step
-- grain: source record
-- reads: work_touched, core.source_record, identity.person_link, identity.decision, identity.contradiction, identity.match_edge, work_placeholder
-- key:   source_record_id
INSERT INTO work_touched (source_record_id, step)
WITH latest AS (
    SELECT source_record_id FROM work_touched WHERE step = :step
), said AS (
    SELECT DISTINCT r.partner, r.person_ref, r.nhs_number, r.nino, r.upn, r.former_upn
    FROM latest JOIN core.source_record r USING (source_record_id)
    WHERE :step = 0 OR r.known_to = 'infinity'
), told AS (
    SELECT DISTINCT v.evidence, v.value
    FROM said CROSS JOIN LATERAL (VALUES ('nhs_number', nhs_number), ('nino', nino), ('upn', upn), ('upn', former_upn)) AS v (evidence, value)
    WHERE v.value IS NOT NULL AND (v.evidence, v.value) NOT IN (SELECT evidence, value FROM work_placeholder)
), near AS (
    SELECT o.source_record_id
    FROM (SELECT partner, person_ref FROM said UNION SELECT partner, former_upn FROM said WHERE former_upn IS NOT NULL) ref
    JOIN core.source_record o ON o.known_to = 'infinity' AND o.partner = ref.partner AND o.person_ref = ref.person_ref
    UNION ALL
    SELECT o.source_record_id FROM said JOIN core.source_record o ON o.known_to = 'infinity' AND o.former_upn = said.person_ref
    UNION ALL
    SELECT o.source_record_id FROM told t JOIN core.source_record o ON t.evidence = 'nhs_number' AND o.known_to = 'infinity' AND o.nhs_number = t.value
    UNION ALL
    SELECT o.source_record_id FROM told t JOIN core.source_record o ON t.evidence = 'nino' AND o.known_to = 'infinity' AND o.nino = t.value
    UNION ALL
    SELECT o.source_record_id FROM told t JOIN core.source_record o ON t.evidence = 'upn' AND o.known_to = 'infinity' AND o.upn = t.value
    UNION ALL
    SELECT o.source_record_id FROM told t JOIN core.source_record o ON t.evidence = 'upn' AND o.known_to = 'infinity' AND o.former_upn = t.value
    UNION ALL
    SELECT other.source_record_id
    FROM (SELECT DISTINCT l.person_id FROM latest JOIN identity.person_link l USING (source_record_id) WHERE l.known_to = 'infinity') mine
    JOIN identity.person_link other ON other.person_id = mine.person_id AND other.known_to = 'infinity'
    UNION ALL
    SELECT e.source_record_b FROM latest JOIN identity.match_edge e ON e.source_record_a = latest.source_record_id WHERE e.match_weight >= :join_at
    UNION ALL
    SELECT e.source_record_a FROM latest JOIN identity.match_edge e ON e.source_record_b = latest.source_record_id WHERE e.match_weight >= :join_at
    UNION ALL
    SELECT c.source_record_b FROM latest JOIN identity.contradiction c ON c.source_record_a = latest.source_record_id AND c.known_to = 'infinity'
    UNION ALL
    SELECT c.source_record_a FROM latest JOIN identity.contradiction c ON c.source_record_b = latest.source_record_id AND c.known_to = 'infinity'
    UNION ALL
    SELECT d.source_record_b FROM latest JOIN identity.decision d ON d.source_record_a = latest.source_record_id
    UNION ALL
    SELECT d.source_record_a FROM latest JOIN identity.decision d ON d.source_record_b = latest.source_record_id
)
SELECT DISTINCT source_record_id, :step + 1 FROM near
WHERE source_record_id NOT IN (SELECT source_record_id FROM work_touched)
