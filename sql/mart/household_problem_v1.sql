-- what:  each household's problems, present and improved, as the latest run judged them
-- grain: household x problem
-- reads: assess.latest, assess.problem_verdict
-- key:   household_id, problem
-- columns:
--   household_id: the household
--   problem: the plan's code of the problem
--   present: met, not_met or not_known, on as_at
--   improved: met, not_met or not_known, on as_at
--   criteria_met: the criteria that identify it, in the plan's order
--   first_met_on: the first day on which a criterion was met, where known
--   evidence_count: how many facts the deciding rules used
--   not_known_because: what would have to be known; blank when nothing is missing
--   run_id: the run that judged
--   plan_id: the plan that judged
--   as_at: the day judged
--   present_since: met, not_met or not_known, on any day since attachment
CREATE OR REPLACE VIEW mart.household_problem_v1 AS
SELECT household_id,
       problem,
       present,
       improved,
       criteria_met,
       first_met_on,
       evidence_count,
       not_known_because,
       l.run_id,
       v.plan_id,
       l.as_at,
       present_since
FROM assess.problem_verdict v
CROSS JOIN assess.latest l
