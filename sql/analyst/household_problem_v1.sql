-- what:  each problem of each household, whether it is present and whether it has improved, under pseudonyms
-- grain: household x problem
-- reads: assess.problem_verdict, assess.latest, identity.pseudonym_key
-- key:   household_pseudonym, problem
-- columns:
--   household_pseudonym: the household, the same in every view of this schema
--   problem: the plan's code of the problem
--   present: met, not_met or not_known, on the day judged
--   improved: met, not_met or not_known
--   criteria_met: the criteria by which it is present
--   first_met_on: the first day on which it was present
--   evidence_count: how many facts it rests on
--   not_known_because: what would have to be known; blank when nothing is missing
--   present_since: met, not_met or not_known, on any day since attachment
--   run_id: the run that judged
--   plan_id: the plan that judged
--   as_at: the day judged
CREATE OR REPLACE VIEW analyst.household_problem_v1 AS
SELECT encode(sha256(k.key || sha256(k.key || int8send(v.household_id))), 'hex') AS household_pseudonym,
       v.problem,
       v.present,
       v.improved,
       v.criteria_met,
       v.first_met_on,
       v.evidence_count,
       v.not_known_because,
       v.present_since,
       l.run_id,
       v.plan_id,
       l.as_at
FROM assess.problem_verdict v
CROSS JOIN assess.latest l
CROSS JOIN identity.pseudonym_key k
