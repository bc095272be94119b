-- what:  a plan as it was when a claim was frozen, put back for the length of a trial
-- grain: plan
-- reads: claim.rules
-- key:   plan_id
UPDATE assess.plan p SET document = r.document, plan_hash = r.plan_hash
FROM claim.rules r WHERE r.plan_hash = :plan_hash AND p.plan_id = r.plan_id AND p.plan_hash <> r.plan_hash
