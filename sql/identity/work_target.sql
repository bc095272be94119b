-- what:  the households that may come out otherwise: those that such a reference names, or named. Only they are written
-- grain: household
-- reads: work_target_ref
-- key:   household_id
CREATE TEMP TABLE work_target ON COMMIT DROP AS
SELECT DISTINCT core.hash_id('household|' || b.basis || '|' || t.partner || '|' || t.ref) AS household_id
FROM work_target_ref t CROSS JOIN jsonb_to_recordset(cast(:bases AS jsonb)) AS b (basis text)
