-- What:  the plans that judge: in force when, signed and activated by whom.
-- Grain: plan.   Reads: assess.plan, assess.plan_activation.   Key: plan_id.
SELECT p.plan_id, p.title, lower(p.in_force) AS from_on, upper(p.in_force) - 1 AS to_on, p.plan_hash, a.signed_by, a.by_whom AS activated_by, a.activated_at
FROM assess.plan p
LEFT JOIN LATERAL (SELECT * FROM assess.plan_activation a WHERE a.plan_id = p.plan_id ORDER BY activation_id DESC LIMIT 1) a ON true
ORDER BY lower(p.in_force), p.plan_id
