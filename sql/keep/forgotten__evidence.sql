-- what:  the evidence that rests on facts that are forgotten goes; what else the same row names stays
-- grain: evidence of a person for a criterion
-- reads: core.fact, forgotten, assess.evidence
-- key:   household_id, side, problem, criterion, person_id, kind
WITH gone AS (
    SELECT DISTINCT f.kind, f.fact_id FROM core.fact f JOIN forgotten USING (source_record_id)
)
MERGE INTO assess.facts_used u
USING (
    SELECT e.household_id, e.side, e.problem, e.criterion, e.person_id, e.kind, array_agg(e.fact_id) FILTER (WHERE g.fact_id IS NULL) AS kept
    FROM assess.evidence e LEFT JOIN gone g USING (kind, fact_id)
    GROUP BY e.household_id, e.side, e.problem, e.criterion, e.person_id, e.kind
    HAVING bool_or(g.fact_id IS NOT NULL)) k
ON u.household_id = k.household_id AND u.side = k.side AND u.problem = k.problem AND u.criterion = k.criterion
   AND u.person_id IS NOT DISTINCT FROM k.person_id AND u.kind = k.kind
WHEN MATCHED AND k.kept IS NULL THEN DELETE
WHEN MATCHED THEN UPDATE SET fact_ids = k.kept
