-- What:  the verdict on every problem of every household.
-- Grain: household x problem.   Reads: problem_now, criterion, occurrence, hh, assess.facts_used, unknown_feed.   Key: household_id, problem.
INSERT INTO assess.problem_verdict (household_id, problem, present, improved, present_since, criteria_met, first_met_on, evidence_count,
                                    not_known_because, plan_id, as_at, run_id)
WITH met AS (
    SELECT c.household_id, c.problem, array_agg(c.criterion ORDER BY c.criterion) FILTER (WHERE c.hit @> CAST(:as_at AS date)) AS criteria,
           min(lower(c.hit)) AS first_met_on
    FROM criterion c JOIN hh h USING (household_id) WHERE c.hit && assess.days(h.lo, :as_at) GROUP BY c.household_id, c.problem
), used AS (
    -- a fact is one person's and of one kind, but two criteria may rest on it
    SELECT e.household_id, e.problem, min(e.criterion) = max(e.criterion) AS is_one, sum(cardinality(e.fact_ids)) AS n
    FROM assess.facts_used e JOIN hh USING (household_id)
    WHERE e.side = 'identified'
    GROUP BY e.household_id, e.problem
), used_once AS (
    SELECT u.household_id, u.problem, count(DISTINCT x) AS n
    FROM used u JOIN assess.facts_used e USING (household_id, problem) CROSS JOIN LATERAL unnest(e.fact_ids) x
    WHERE NOT u.is_one AND e.side = 'identified'
    GROUP BY u.household_id, u.problem
), unknown AS (
    SELECT household_id, problem, string_agg(DISTINCT feed, ', ') AS feeds FROM unknown_feed WHERE is_now AND side = 'identified' GROUP BY household_id, problem
)
SELECT n.household_id, n.problem, n.present, n.improved, n.present_since, coalesce(m.criteria, '{}'), m.first_met_on, coalesce(o.n, u.n, 0),
       CASE WHEN n.present = 'not_known' THEN coalesce('no answer from ' || k.feeds, 'a date of birth is missing') END,
       n.plan_id, :as_at, :run_id
FROM problem_now n
LEFT JOIN met m USING (household_id, problem)
LEFT JOIN used u USING (household_id, problem)
LEFT JOIN used_once o USING (household_id, problem)
LEFT JOIN unknown k USING (household_id, problem)
ORDER BY n.household_id
