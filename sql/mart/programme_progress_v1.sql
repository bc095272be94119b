-- what:  how each plan goes towards its target, month by month, and what may come, with how that was reckoned
-- grain: plan x month
-- reads: claim.target, claim.progress, claim.forecast, claim.claim, claim.state, assess.plan
-- key:   plan_id, month
-- columns:
--   plan_id: the plan
--   month: the first day of the month
--   target: families that the council has undertaken to turn around, as at the month's end; blank when none is set
--   identified: families identified by then (eligible, attached or claimed for), as the last run of the month, or of one before, saw it
--   attached: of those, families attached
--   with_lead_worker: families with a lead worker
--   ready: families whose result could be claimed
--   claimed_sustained: claims that stand, with sustained progress, dated by the month's end
--   claimed_employment: the same with continuous employment
--   remaining: target less claims; never below nought
--   value_remaining_pounds: what those would bring at the plan's result payment
--   forecast_claims: claims expected by the month's end, from the month of the last run on
--   forecast_low: 8 in 10 times there will be no fewer
--   forecast_high: 8 in 10 times there will be no more
--   forecast_basis: how the forecast was made, in words
--   is_ahead: a month after that of the last run and the last claim
--   as_at: the day of the run that the counts of families come from
--   run_id: that run
CREATE OR REPLACE VIEW mart.programme_progress_v1 AS
WITH standing AS (
    SELECT c.plan_id, c.result, date_trunc('month', c.claimed_on)::date AS month, count(*)::int AS n
    FROM claim.claim c JOIN claim.state s USING (state) WHERE s.stands GROUP BY 1, 2, 3
), span AS (
    SELECT plan_id, min(month) AS first, max(month) AS last, max(month) FILTER (WHERE NOT is_ahead) AS until
    FROM (SELECT plan_id, month, false AS is_ahead FROM standing
          UNION ALL SELECT plan_id, month, false FROM claim.progress
          UNION ALL SELECT plan_id, date_trunc('month', valid_from)::date, false FROM claim.target
          UNION ALL SELECT plan_id, month, true FROM claim.forecast) m
    GROUP BY plan_id
), months AS (
    SELECT s.plan_id, m::date AS month, (m + interval '1 month')::date - 1 AS last_day, m::date > coalesce(s.until, s.last) AS is_ahead
    FROM span s, generate_series(s.first::timestamp, s.last::timestamp, interval '1 month') m
), counted AS (
    SELECT m.*, coalesce(sum(n) FILTER (WHERE c.result = 'sustained'), 0)::int AS claimed_sustained,
           coalesce(sum(n) FILTER (WHERE c.result = 'employment'), 0)::int AS claimed_employment
    FROM months m LEFT JOIN standing c ON c.plan_id = m.plan_id AND c.month <= m.month
    GROUP BY m.plan_id, m.month, m.last_day, m.is_ahead
)
SELECT m.plan_id,
       m.month,
       t.families AS target,
       greatest(coalesce(p.identified, 0), m.claimed_sustained + m.claimed_employment) AS identified,
       greatest(coalesce(p.attached, 0), m.claimed_sustained + m.claimed_employment) AS attached,
       coalesce(p.with_lead_worker, 0) AS with_lead_worker,
       coalesce(p.ready, 0) AS ready,
       m.claimed_sustained,
       m.claimed_employment,
       t.families - least(t.families, m.claimed_sustained + m.claimed_employment) AS remaining,
       (t.families - least(t.families, m.claimed_sustained + m.claimed_employment)) * q.result_pounds AS value_remaining_pounds,
       f.expected AS forecast_claims,
       f.low AS forecast_low,
       f.high AS forecast_high,
       CASE WHEN f.plan_id IS NOT NULL THEN
            f.claimed || ' claims that stand and ' || f.ready || ' families ready on ' || f.made_on || ', and of ' || f.due
            || ' families with an earliest day by the month''s end the share that kept to theirs before: '
            || CASE f.foretold WHEN 0 THEN 'no such day has passed yet, so an even chance, and a wide interval'
                    ELSE f.kept || ' of ' || f.foretold END
            || '. Families not yet attached, and relapses, are not foreseen' END AS forecast_basis,
       m.is_ahead,
       p.as_at,
       p.run_id
FROM counted m
LEFT JOIN assess.plan q ON q.plan_id = m.plan_id
LEFT JOIN LATERAL (SELECT families FROM claim.target t WHERE t.plan_id = m.plan_id AND t.valid_from <= m.last_day
                   ORDER BY t.valid_from DESC, t.recorded_at DESC LIMIT 1) t ON true
LEFT JOIN LATERAL (SELECT * FROM claim.progress p WHERE p.plan_id = m.plan_id AND p.month <= m.month ORDER BY p.month DESC LIMIT 1) p ON true
LEFT JOIN claim.forecast f ON f.plan_id = m.plan_id AND f.month = m.month
