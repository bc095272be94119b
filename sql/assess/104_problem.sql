-- What:  each problem of each attached household as timelines (the others have one day, see 106): present, and (not) improved by its tests or by the nomination route.
--        first_*: the first day since attachment on which it was met / in doubt, with and without nominations.
-- Grain: attached household x problem.   Reads: hh, plan_problem, criterion, answer, rule, nomination_route.   Key: household_id, problem.
CREATE TEMP TABLE problem ON COMMIT DROP AS
WITH present AS (
    SELECT household_id, problem,
           range_agg(hit) AS hit, range_agg(doubt) AS doubt, range_agg(cov) AS cov,
           range_agg(hit) FILTER (WHERE NOT is_nominated) AS other_hit,
           range_agg(doubt) FILTER (WHERE NOT is_nominated) AS other_doubt,
           range_agg(cov) FILTER (WHERE NOT is_nominated) AS other_cov
    FROM criterion JOIN hh h USING (household_id) WHERE h.attached_on IS NOT NULL GROUP BY household_id, problem
), improving AS (
    SELECT a.household_id, r.problem, range_agg(a.hit) AS bad, range_agg(a.doubt) AS doubt, range_agg(a.cov) AS cov
    FROM answer a JOIN rule r USING (rule_id) JOIN hh h USING (household_id) WHERE r.side = 'improved' AND h.attached_on IS NOT NULL GROUP BY a.household_id, r.problem
)
SELECT h.household_id, h.plan_id, h.attached_on, h.lo, h.hi, q.problem,
       coalesce(p.hit, '{}') AS hit,
       coalesce(p.doubt, '{}') - coalesce(p.hit, '{}') AS doubt,
       coalesce(p.cov, '{}') - coalesce(p.hit, '{}') AS cov,
       lower(coalesce(p.hit, '{}') * datemultirange(h.span)) AS first_hit,
       lower(coalesce(p.doubt, '{}') * datemultirange(h.span)) AS first_doubt,
       lower(coalesce(p.cov, '{}') * datemultirange(h.span)) AS first_cov,
       lower(coalesce(p.other_hit, '{}') * datemultirange(h.span)) AS first_other_hit,
       lower(coalesce(p.other_doubt, '{}') * datemultirange(h.span)) AS first_other_doubt,
       lower(coalesce(p.other_cov, '{}') * datemultirange(h.span)) AS first_other_cov,
       coalesce(i.bad, '{}') AS bad, coalesce(i.doubt, '{}') - coalesce(i.bad, '{}') AS improve_doubt,
       coalesce(i.cov, '{}') - coalesce(i.bad, '{}') AS improve_cov,
       coalesce(n.unsettled, '{}') AS unsettled
FROM hh h
JOIN plan_problem q USING (plan_id)
LEFT JOIN present p ON p.household_id = h.household_id AND p.problem = q.problem
LEFT JOIN improving i ON i.household_id = h.household_id AND i.problem = q.problem
LEFT JOIN nomination_route n ON n.household_id = h.household_id AND n.problem = q.problem
WHERE h.attached_on IS NOT NULL
