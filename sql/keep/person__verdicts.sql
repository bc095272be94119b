-- what:  the answers about households in which a fact about a person was used
-- grain: household, criterion and fact
-- reads: assess.evidence, core.fact
-- key:   household_id, problem, criterion, says
SELECT DISTINCT e.household_id, e.problem, e.criterion, f.kind, f.starts_on, f.feed
FROM assess.evidence e JOIN core.fact f ON f.kind = e.kind AND f.fact_id = e.fact_id
WHERE f.source_record_id = ANY (CAST(:ids AS bigint[]))
ORDER BY e.household_id, e.problem, e.criterion, f.starts_on
