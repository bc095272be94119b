-- what:  the text of a plan that frozen claims rest on
-- grain: plan text
-- reads: assess.plan
-- key:   plan_hash
INSERT INTO claim.rules (plan_hash, plan_id, document)
SELECT plan_hash, plan_id, document FROM assess.plan WHERE plan_hash = ANY (CAST(:hashes AS text[])) ON CONFLICT DO NOTHING
