-- what:  a problem is present exactly when one of its criteria is met, and names those that are
-- grain: household x problem
-- reads: mart.household_problem_v1, mart.household_criterion_v1
-- key:   household_id, problem
SELECT concat_ws('/', p.household_id, p.problem)
FROM mart.household_problem_v1 p
LEFT JOIN (SELECT household_id, problem, array_agg(criterion ORDER BY criterion) FILTER (WHERE verdict = 'met') AS met,
                  bool_or(verdict = 'not_known') AS unknown
           FROM mart.household_criterion_v1
           WHERE verdict <> 'not_met' AND (CAST(:households AS bigint[]) IS NULL OR household_id = ANY (CAST(:households AS bigint[])))
           GROUP BY household_id, problem) c ON c.household_id = p.household_id AND c.problem = p.problem
WHERE (CAST(:households AS bigint[]) IS NULL OR p.household_id = ANY (CAST(:households AS bigint[])))
  AND (p.present <> (CASE WHEN c.met IS NOT NULL THEN 'met' WHEN c.unknown THEN 'not_known' ELSE 'not_met' END)::assess.verdict
   OR NOT (p.criteria_met <@ coalesce(c.met, '{}') AND coalesce(c.met, '{}') <@ p.criteria_met))
