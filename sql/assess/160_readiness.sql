-- What:  the judged households' readiness, in place of the last run's; households that are no more go.
-- Grain: household.   Reads: new_readiness, wanted.   Key: household_id.
INSERT INTO assess.readiness (household_id, status, result, attached_on, problems_present, problems_improved, has_assessment, has_plan,
    has_lead_worker, has_tfop, why_not, what_next, earliest_on, binds, blocked_by_feed, value_pounds, claimed_as, plan_id, as_at, run_id)
SELECT household_id, status, result, attached_on, problems_present, problems_improved, has_assessment, has_plan, has_lead_worker, has_tfop,
       why_not, what_next, earliest_on, binds, blocked_by_feed, value_pounds, claimed_as, plan_id, :as_at, :run_id
FROM new_readiness
ON CONFLICT (household_id) DO UPDATE SET (status, result, attached_on, problems_present, problems_improved, has_assessment, has_plan,
    has_lead_worker, has_tfop, why_not, what_next, earliest_on, binds, blocked_by_feed, value_pounds, claimed_as, plan_id, as_at, run_id)
  = (excluded.status, excluded.result, excluded.attached_on, excluded.problems_present, excluded.problems_improved, excluded.has_assessment,
     excluded.has_plan, excluded.has_lead_worker, excluded.has_tfop, excluded.why_not, excluded.what_next, excluded.earliest_on, excluded.binds,
     excluded.blocked_by_feed, excluded.value_pounds, excluded.claimed_as, excluded.plan_id, excluded.as_at, excluded.run_id)
