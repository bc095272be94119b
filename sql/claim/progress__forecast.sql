-- what:  claims to come, by month: those that stand, those ready, and of those with a day, the share that kept to theirs before. The
--        interval is that of a share learnt from so few or many (a beta-binomial from an even start): with no record it is wide.
-- grain: plan x month
-- reads: assess.readiness, claim.claim, claim.state, claim.foretold, assess.status_change
-- key:   plan_id, month
WITH plans AS (
    SELECT DISTINCT plan_id FROM assess.readiness
), claimed AS (
    SELECT c.plan_id, count(*) AS n FROM claim.claim c JOIN claim.state s USING (state) WHERE s.stands AND c.claimed_on <= :as_at GROUP BY 1
), record AS (
    SELECT f.plan_id, count(*) AS foretold, count(*) FILTER (WHERE EXISTS (
        SELECT FROM assess.status_change x WHERE x.household_id = f.household_id AND x.status_is IN ('ready', 'claimed')
        AND x.as_at > f.foretold_on AND x.as_at <= f.ready_on + CAST(:within_days AS int))) AS kept
    FROM claim.foretold f WHERE f.ready_on + CAST(:within_days AS int) <= :as_at GROUP BY 1
), months AS (
    SELECT m::date AS month, (m + interval '1 month')::date - 1 AS last_day
    FROM generate_series(date_trunc('month', CAST(:as_at AS timestamp)),
                         date_trunc('month', CAST(:as_at AS timestamp)) + make_interval(months => :months_ahead), interval '1 month') m
), coming AS (
    SELECT p.plan_id, m.month, coalesce(c.n, 0) AS claimed, coalesce(r.foretold, 0) AS foretold, coalesce(r.kept, 0) AS kept,
           (SELECT count(*) FROM assess.readiness x WHERE x.plan_id = p.plan_id AND x.status = 'ready') AS ready,
           (SELECT count(*) FROM assess.readiness x WHERE x.plan_id = p.plan_id AND x.status = 'in_progress' AND x.earliest_on <= m.last_day) AS due
    FROM plans p CROSS JOIN months m LEFT JOIN claimed c USING (plan_id) LEFT JOIN record r USING (plan_id)
), likely AS (
    SELECT *, (kept + 1.0) / (foretold + 2) AS share FROM coming
), spread AS (
    SELECT *, due * share AS mean, sqrt(due * share * (1 - share) * (1 + (due - 1.0) / (foretold + 3))) * CAST(:deviations AS numeric) AS half
    FROM likely
)
INSERT INTO claim.forecast (plan_id, month, made_on, run_id, claimed, ready, due, foretold, kept, expected, low, high)
SELECT plan_id, month, :as_at, :run_id, claimed, ready, due, foretold, kept, round(claimed + ready + mean),
       floor(claimed + ready + greatest(mean - coalesce(half, 0), 0)), ceil(claimed + ready + least(mean + coalesce(half, 0), due))
FROM spread
