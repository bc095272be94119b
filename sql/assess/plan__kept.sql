-- What:  plans that an upgrade leaves alone: those activated here, and those that claims rest on.
-- Grain: plan.   Reads: assess.plan_activation, claim.claim.   Key: plan_id.
SELECT plan_id FROM assess.plan_activation
UNION
SELECT c.plan_id FROM claim.claim c JOIN assess.plan p USING (plan_id)
WHERE c.window_id IS NOT NULL AND c.state NOT IN ('outside', 'drafted')
