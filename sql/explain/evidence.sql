-- what:  the facts behind one household's verdicts, each with file and line, in order of time
-- grain: fact used
-- reads: mart.criterion_evidence_v1, mart.household_member_v1
-- key:   side, problem, criterion, fact_id, person_id
SELECT e.side, e.problem, e.criterion, e.person_id, e.fact_id, e.kind, e.says, e.starts_on, e.ends_on, e.quantity, e.out_of,
       e.feed, e.partner, e.file_name, e.line_no, e.file_sha256, e.delivery_id,
       (SELECT m.relationship FROM mart.household_member_v1 m
        WHERE m.household_id = e.household_id AND m.person_id = e.person_id AND m.relationship IS NOT NULL
        ORDER BY m.valid_from DESC NULLS LAST LIMIT 1) AS relationship
FROM mart.criterion_evidence_v1 e
WHERE e.household_id = :household_id AND (CAST(:problem AS text) IS NULL OR e.problem IN (:problem, ''))
ORDER BY e.starts_on, e.fact_id, e.person_id
