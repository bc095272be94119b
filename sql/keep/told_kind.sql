-- what:  the kinds of incident that are told, as rows
-- grain: kind
-- reads: nothing; :kinds, JSON
-- key:   kind
CREATE TEMP TABLE told_kind ON COMMIT DROP AS
SELECT k.kind, k.severity, k.remind_after_days
FROM jsonb_to_recordset(CAST(:kinds AS jsonb)) AS k (kind text, severity text, remind_after_days int)
