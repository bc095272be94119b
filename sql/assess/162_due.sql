-- What:  the next day after the as-at day on which each household's answers can change with nothing new: a window edge, a birthday,
--        a known end, a close of term. (Whether feeds grow stale is watched for all households at once.)
-- Grain: household.   Reads: answer, principle_days, problem, employment_days, child_days.   Key: household_id.
INSERT INTO assess.due (household_id, due_on)
SELECT household_id, min(day) FROM (
    SELECT household_id, x AS day FROM answer, unnest(hit + doubt) r, LATERAL (VALUES (lower(r)), (upper(r))) v(x)
    UNION ALL SELECT household_id, x FROM principle_days, unnest(days) r, LATERAL (VALUES (lower(r)), (upper(r))) v(x)
    UNION ALL SELECT household_id, x FROM problem, unnest(unsettled) r, LATERAL (VALUES (lower(r)), (upper(r))) v(x)
    UNION ALL SELECT household_id, x FROM employment_days, unnest(days) r, LATERAL (VALUES (lower(r)), (upper(r))) v(x)
) e WHERE day > :as_at AND isfinite(day) GROUP BY household_id
ON CONFLICT (household_id) DO UPDATE SET due_on = excluded.due_on
