-- what:  records that share a reference, an identifier, a person, a decision, a contradiction or a likeness with those of the last step.
--        What a changed record said before counts too. Whoever bears the reference of an unchanged record that is linked is of its person,
--        unless a decision or a seal keeps the two apart for good
-- grain: source record
-- reads: work_touched, work_seen, work_linked, work_edge, work_placeholder, core.source_record, identity.decision, identity.contradiction
-- key:   source_record_id
INSERT INTO work_touched (source_record_id, step)
WITH latest AS (
    SELECT source_record_id FROM work_touched WHERE step = :step
), said AS (
    SELECT r.partner, r.person_ref, r.nhs_number, r.nino, r.upn, r.former_upn,
           :step > 0 AND r.source_record_id IN (SELECT source_record_id FROM work_linked) AS is_bound
    FROM latest JOIN work_seen r USING (source_record_id)
    UNION
    SELECT r.partner, r.person_ref, r.nhs_number, r.nino, r.upn, r.former_upn, false
    FROM latest JOIN core.source_record r USING (source_record_id) WHERE :step = 0 AND r.known_to < 'infinity'
), told AS (
    SELECT DISTINCT v.evidence, v.value
    FROM said CROSS JOIN LATERAL (VALUES ('nhs_number', nhs_number), ('nino', nino), ('upn', upn), ('upn', former_upn)) AS v (evidence, value)
    WHERE v.value IS NOT NULL AND (v.evidence, v.value) NOT IN (SELECT evidence, value FROM work_placeholder)
), near AS (
    SELECT o.source_record_id
    FROM (SELECT partner, person_ref FROM said WHERE NOT is_bound UNION SELECT partner, former_upn FROM said WHERE former_upn IS NOT NULL) ref
    CROSS JOIN LATERAL (SELECT r.source_record_id FROM core.source_record r
                        WHERE r.partner = ref.partner AND r.person_ref = ref.person_ref AND r.known_to = 'infinity' OFFSET 0) o
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
    SELECT source_record_id FROM work_linked
    UNION ALL
    SELECT e.source_record_a FROM work_edge e WHERE e.step = :step AND e.match_weight >= :join_at
    UNION ALL
    SELECT e.source_record_b FROM work_edge e WHERE e.step = :step AND e.match_weight >= :join_at
    UNION ALL
    SELECT c.source_record_b FROM latest JOIN identity.contradiction c ON c.source_record_a = latest.source_record_id AND c.known_to = 'infinity'
    UNION ALL
    SELECT c.source_record_a FROM latest JOIN identity.contradiction c ON c.source_record_b = latest.source_record_id AND c.known_to = 'infinity'
    UNION ALL
    SELECT d.source_record_b FROM latest JOIN identity.decision d ON d.source_record_a = latest.source_record_id
    UNION ALL
    SELECT d.source_record_a FROM latest JOIN identity.decision d ON d.source_record_b = latest.source_record_id
)
SELECT DISTINCT source_record_id, :step + 1 FROM (SELECT source_record_id FROM near OFFSET 0) n
WHERE source_record_id NOT IN (SELECT source_record_id FROM work_touched)
