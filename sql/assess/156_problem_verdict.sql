-- What:  the verdict on every problem of every household.
-- Grain: household x problem.   Reads: problem_now, criterion, occurrence, assess.evidence, unknown_feed.   Key: household_id, problem.
INSERT INTO assess.problem_verdict (household_id, problem, present, improved, present_since, criteria_met, first_met_on, evidence_count,
                                    not_known_because, plan_id, as_at, run_id)
WITH met AS (
    SELECT c.household_id, c.problem, array_agg(c.criterion ORDER BY c.criterion) FILTER (WHERE c.hit @> CAST(:as_at AS date)) AS criteria,
           min(lower(c.hit)) AS first_met_on
    FROM criterion c JOIN hh h USING (household_id) WHERE c.hit && assess.days(h.lo, :as_at) GROUP BY c.household_id, c.problem
), used AS (
    SELECT household_id, problem, count(*) AS n
    FROM (SELECT DISTINCT household_id, problem, fact_id FROM assess.evidence WHERE run_id = :run_id AND side = 'identified') e
    GROUP BY household_id, problem
), unknown AS (
    SELECT household_id, problem, string_agg(DISTINCT feed, ', ') AS feeds FROM unknown_feed WHERE is_now AND side = 'identified' GROUP BY household_id, problem
)
SELECT n.household_id, n.problem, n.present, n.improved, n.present_since, coalesce(m.criteria, '{}'), m.first_met_on, coalesce(u.n, 0),
       CASE WHEN n.present = 'not_known' THEN coalesce('no answer from ' || k.feeds, 'a date of birth is missing') END,
       n.plan_id, :as_at, :run_id
FROM problem_now n
LEFT JOIN met m USING (household_id, problem)
LEFT JOIN used u USING (household_id, problem)
LEFT JOIN unknown k USING (household_id, problem)
