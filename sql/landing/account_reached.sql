-- what:  record how the last look at a partner's account went; a null fault is well, :is_key a refusal of our key
-- grain: partner
-- reads: landing.account
-- key:   partner
INSERT INTO landing.account AS a (partner, reached_at, fault, fault_since, refused_at)
VALUES (:partner, CASE WHEN CAST(:fault AS text) IS NULL THEN now() END, :fault, CASE WHEN CAST(:fault AS text) IS NOT NULL THEN now() END,
        CASE WHEN :is_key THEN ARRAY[now()] ELSE '{}' END)
ON CONFLICT (partner) DO UPDATE SET
    reached_at = coalesce(excluded.reached_at, a.reached_at),
    fault = excluded.fault,
    fault_since = CASE WHEN excluded.fault IS NULL THEN NULL WHEN a.fault = excluded.fault THEN a.fault_since ELSE now() END,
    refused_at = CASE WHEN excluded.fault IS NULL THEN '{}' ELSE (a.refused_at || excluded.refused_at)[greatest(1, cardinality(a.refused_at) - 8):] END
