-- what:  how many families a council undertakes to turn around under a plan, from a day on
-- grain: plan x day
-- reads: assess.plan
-- key:   plan_id, valid_from
INSERT INTO claim.target (plan_id, valid_from, families, by_whom, because)
SELECT :plan_id, coalesce(CAST(:valid_from AS date), (SELECT lower(in_force) FROM assess.plan WHERE plan_id = :plan_id)), :families, :by, :because
RETURNING valid_from
