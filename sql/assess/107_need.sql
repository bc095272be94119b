-- What:  what the plan counts towards what a family needs: problems, or each criterion that is met. Present on the day, present
--        since attachment, and the first day of it.
-- Grain: household x problem or criterion.   Reads: problem_now, problem, criterion, hh, plan.   Key: household_id, need.
CREATE TEMP TABLE need ON COMMIT DROP AS
SELECT n.household_id, n.problem AS need, n.present, n.present_since, p.first_hit
FROM problem_now n LEFT JOIN problem p USING (household_id, problem) JOIN plan q ON q.plan_id = n.plan_id AND q.counts = 'problems'
UNION ALL
SELECT household_id, problem || '.' || criterion,
       (CASE WHEN hit @> CAST(:as_at AS date) THEN 'met' WHEN doubt @> CAST(:as_at AS date) OR cov @> CAST(:as_at AS date)
             THEN 'not_known' ELSE 'not_met' END)::assess.verdict,
       (CASE WHEN first_hit <= :as_at THEN 'met' WHEN least(first_doubt, first_cov) <= :as_at THEN 'not_known' ELSE 'not_met' END)::assess.verdict,
       first_hit
FROM (SELECT c.*, lower(c.hit * datemultirange(h.span)) AS first_hit, lower(c.doubt * datemultirange(h.span)) AS first_doubt,
             lower(c.cov * datemultirange(h.span)) AS first_cov
      FROM criterion c JOIN hh h USING (household_id) JOIN plan q ON q.plan_id = h.plan_id AND q.counts = 'needs') each_need
