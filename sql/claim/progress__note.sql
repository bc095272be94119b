-- what:  how each plan stands this month: families identified, attached, with a lead worker, ready; and claims for families not here
-- grain: plan x month
-- reads: assess.readiness, claim.claim, claim.state
-- key:   plan_id, month
WITH judged AS (
    SELECT plan_id, count(*) FILTER (WHERE status IN ('eligible', 'claimed') OR attached_on IS NOT NULL) AS identified,
           count(*) FILTER (WHERE attached_on IS NOT NULL OR status = 'claimed') AS attached,
           count(*) FILTER (WHERE has_lead_worker) AS with_lead_worker, count(*) FILTER (WHERE status = 'ready') AS ready
    FROM assess.readiness GROUP BY plan_id
), elsewhere AS (
    SELECT c.plan_id, count(*) AS claims
    FROM claim.claim c JOIN claim.state s USING (state)
    WHERE s.stands AND c.claimed_on <= :as_at AND NOT EXISTS (SELECT FROM assess.readiness r WHERE r.claimed_as = c.claim_ref AND r.plan_id = c.plan_id)
    GROUP BY c.plan_id
)
INSERT INTO claim.progress AS p (plan_id, month, as_at, run_id, identified, attached, with_lead_worker, ready)
SELECT plan_id, date_trunc('month', CAST(:as_at AS date))::date, :as_at, :run_id, coalesce(j.identified, 0) + coalesce(e.claims, 0),
       coalesce(j.attached, 0) + coalesce(e.claims, 0), coalesce(j.with_lead_worker, 0), coalesce(j.ready, 0)
FROM judged j FULL JOIN elsewhere e USING (plan_id)
ON CONFLICT (plan_id, month) DO UPDATE
SET (as_at, run_id, identified, attached, with_lead_worker, ready)
  = (excluded.as_at, excluded.run_id, excluded.identified, excluded.attached, excluded.with_lead_worker, excluded.ready)
WHERE p.as_at <= excluded.as_at
