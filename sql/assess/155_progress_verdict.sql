-- What:  the verdict on a step towards work, with its evidence.
-- Grain: household.   Reads: progress, hh.   Key: household_id, side, criterion.
WITH used AS (
    INSERT INTO assess.facts_used (household_id, side, problem, criterion, person_id, kind, fact_ids, plan_id, as_at, run_id)
    SELECT household_id, 'result', '', 'progress', NULL, kind, fact_ids, plan_id, CAST(:as_at AS date), CAST(:run_id AS bigint)
    FROM progress WHERE fact_ids IS NOT NULL
)
INSERT INTO assess.criterion_verdict (household_id, side, problem, criterion, verdict, measure, threshold, window_start, window_end,
                                      says, unknown_feeds, plan_id, as_at, run_id)
SELECT p.household_id, 'result', '', 'progress', p.verdict, coalesce(cardinality(p.fact_ids), 0), 1, h.attached_on, CAST(:as_at AS date),
       CASE p.verdict WHEN 'met' THEN 'Met: ' WHEN 'not_met' THEN 'Not met: ' ELSE 'Not known: ' END || p.says,
       CASE WHEN p.verdict = 'not_known' THEN p.unknown_feeds ELSE '{}' END, p.plan_id, :as_at, :run_id
FROM progress p JOIN hh h USING (household_id)
