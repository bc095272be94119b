-- what:  every fact that a verdict rests on, with its file, line, digest, load day and reference into the case file
-- grain: fact used
-- reads: mart.criterion_evidence_v1, core.fact
-- key:   household_id, side, problem, criterion, fact_id, person_id
SELECT e.household_id, e.side, e.problem, e.criterion, e.person_id, e.fact_id, e.kind, e.says, e.starts_on, e.ends_on,
       trim_scale(e.quantity)::text AS quantity, trim_scale(e.out_of)::text AS out_of, e.feed, e.partner, e.file_name AS file,
       e.line_no AS line, e.file_sha256 AS sha256, (e.known_from AT TIME ZONE 'UTC')::date AS loaded_on, e.delivery_id,
       f.detail ->> 'reference' AS reference, f.detail ->> 'worker_role' AS worker_role
FROM mart.criterion_evidence_v1 e
LEFT JOIN core.fact f ON f.kind = e.kind AND f.fact_id = e.fact_id AND f.known_from = e.known_from
WHERE e.household_id = ANY (CAST(:households AS bigint[]))
ORDER BY e.household_id, e.side, e.problem, e.criterion, e.starts_on NULLS FIRST, e.fact_id, e.person_id
