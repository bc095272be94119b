-- what:  the evidence that rests on facts that are forgotten
-- grain: evidence
-- reads: core.fact, forgotten
-- key:   household_id, side, problem, criterion, fact_id
DELETE FROM assess.evidence e
USING core.fact f
WHERE f.kind = e.kind AND f.fact_id = e.fact_id AND f.source_record_id IN (SELECT source_record_id FROM forgotten)
