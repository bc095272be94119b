-- what:  one status for each household: could its evidence stand as a result, why not, and what next
-- grain: household
-- reads: assess.latest, assess.readiness
-- key:   household_id
-- columns:
--   household_id: the household
--   status: not_eligible, cannot_tell, eligible, in_progress, blocked_by_data, ready or claimed
--   result: sustained, employment, or blank
--   problems_present: codes of the problems present since attachment (on as_at where unattached)
--   problems_improved: codes of those that are improved on as_at
--   has_assessment: a whole-family assessment, dated as the plan asks
--   has_plan: a whole-family plan, dated as the plan asks
--   has_lead_worker: a lead worker on as_at, or up to closure
--   has_tfop: outcomes agreed under the outcome plan
--   why_not: the first test that stands in the way, in words; blank when ready
--   what_next: what to do, and whose it is
--   earliest_on: the first day it would be ready if nothing new happened; only when in_progress
--   blocked_by_feed: the feed that would answer, where one would
--   value_pounds: the money that a ready household would bring
--   claimed_as: the claim that stands for it, where one does
--   run_id: the run that judged
--   plan_id: the plan that judged
--   as_at: the day judged
--   attached_on: the day of attachment; blank when unattached
--   binds: the tests that decide earliest_on
CREATE OR REPLACE VIEW mart.claim_readiness_v1 AS
SELECT r.household_id,
       status,
       result,
       problems_present,
       problems_improved,
       has_assessment,
       has_plan,
       has_lead_worker,
       has_tfop,
       why_not,
       what_next,
       earliest_on,
       blocked_by_feed,
       value_pounds,
       claimed_as,
       l.run_id,
       r.plan_id,
       l.as_at,
       attached_on,
       binds
FROM assess.readiness r
CROSS JOIN assess.latest l
