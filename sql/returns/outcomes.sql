-- what:  counts of a quarter by plan: attached in it and by its end, problems of those, results claimed in it
-- grain: plan x measure x problem
-- reads: assess.readiness, mart.claim_v1, assess.latest
-- key:   plan_id, measure, problem
WITH family AS (
    SELECT r.plan_id, r.household_id, r.attached_on, r.problems_present, r.problems_improved, r.has_lead_worker
    FROM assess.readiness r
    WHERE r.attached_on <= CAST(:last_on AS date)
)
SELECT plan_id, 'attached in the quarter' AS measure, '' AS problem, count(*) AS families
FROM family WHERE attached_on >= :first_on GROUP BY plan_id
UNION ALL
SELECT plan_id, 'attached by its end', '', count(*) FROM family GROUP BY plan_id
UNION ALL
SELECT plan_id, 'with a lead worker', '', count(*) FROM family WHERE has_lead_worker GROUP BY plan_id
UNION ALL
SELECT plan_id, 'with the problem', p, count(*) FROM family, unnest(problems_present) p GROUP BY plan_id, p
UNION ALL
SELECT plan_id, 'improved', p, count(*) FROM family, unnest(problems_improved) p GROUP BY plan_id, p
UNION ALL
SELECT plan_id, 'claimed in the quarter: ' || result, '', count(*)
FROM mart.claim_v1 WHERE stands AND claimed_on BETWEEN :first_on AND :last_on GROUP BY plan_id, result
ORDER BY plan_id, measure, problem
