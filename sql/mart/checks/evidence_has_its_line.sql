-- what:  every fact used as evidence leads to a file with a digest and to a line of it
-- grain: fact used
-- reads: mart.criterion_evidence_v1
-- key:   household_id, side, problem, criterion, fact_id
SELECT concat_ws('/', household_id, side, problem, criterion, fact_id)
FROM mart.criterion_evidence_v1
WHERE (file_name IS NULL OR line_no IS NULL OR file_sha256 IS NULL) AND (CAST(:households AS bigint[]) IS NULL OR household_id = ANY (CAST(:households AS bigint[])))
