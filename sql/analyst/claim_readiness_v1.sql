-- what:  where each household stands, under pseudonyms; which claim stands for it is not told
-- grain: household
-- reads: assess.readiness, assess.latest, identity.pseudonym_key
-- key:   household_pseudonym
-- columns:
--   household_pseudonym: the household, the same in every view of this schema
--   status: not_eligible, cannot_tell, eligible, in_progress, blocked_by_data, ready or claimed
--   result: sustained or employment; blank when there is none
--   problems_present: codes, since attachment (on the day where unattached)
--   problems_improved: codes of those that have improved
--   has_assessment: a whole-family assessment
--   has_plan: a plan for the whole family
--   has_lead_worker: a lead worker
--   has_tfop: objectives agreed under the outcome plan
--   attached_on: the day of attachment; blank when unattached
--   earliest_on: the first day on which it would be ready if nothing new happened
--   blocked_by_feed: the feed that would answer
--   value_pounds: the money that a ready household would bring
--   run_id: the run that judged
--   plan_id: the plan that judged
--   as_at: the day judged
CREATE OR REPLACE VIEW analyst.claim_readiness_v1 AS
SELECT encode(sha256(k.key || sha256(k.key || int8send(r.household_id))), 'hex') AS household_pseudonym,
       r.status,
       r.result,
       r.problems_present,
       r.problems_improved,
       r.has_assessment,
       r.has_plan,
       r.has_lead_worker,
       r.has_tfop,
       r.attached_on,
       r.earliest_on,
       r.blocked_by_feed,
       r.value_pounds,
       l.run_id,
       r.plan_id,
       l.as_at
FROM assess.readiness r
CROSS JOIN assess.latest l
CROSS JOIN identity.pseudonym_key k
