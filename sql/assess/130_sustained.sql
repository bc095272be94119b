-- What:  the two results and the principles as at the day, and the days after it on which the family would be ready with
--        today's facts and every feed covered (so only what is unknown about a person stays unknown).
-- Grain: attached household.   Reads: fine_problem, problem_now, need, plan, employment_days, principle_days, child_days, expected.   Key: household_id.
CREATE TEMP TABLE outcome ON COMMIT DROP AS
WITH now AS (
    SELECT n.household_id,
           bool_or(q.in_result AND present_since = 'met' AND improved = 'not_met') AS is_failed,
           bool_or(q.in_result AND present_since <> 'not_met' AND improved <> 'met') AS is_open
    FROM problem_now n JOIN plan_problem q USING (plan_id, problem) GROUP BY n.household_id
), counted AS (
    SELECT household_id, count(*) FILTER (WHERE present_since = 'met') AS n_met,
           count(*) FILTER (WHERE present_since = 'not_known') AS n_not_known,
           array_agg(first_hit ORDER BY first_hit) AS first_hits
    FROM need GROUP BY household_id
), fine AS (
    SELECT f.household_id, range_intersect_agg(CASE WHEN q.in_result THEN f.days ELSE '{(,)}' END) AS days
    FROM fine_problem f JOIN hh h USING (household_id) JOIN plan_problem q USING (plan_id, problem) GROUP BY f.household_id
), enough AS (
    SELECT f.household_id, f.days, coalesce(c.n_met, 0) AS n_met, coalesce(c.n_not_known, 0) AS n_not_known,
           datemultirange(CASE WHEN c.first_hits[p.needs] IS NULL THEN 'empty' ELSE daterange(c.first_hits[p.needs], NULL) END) AS eligible
    FROM fine f JOIN hh h USING (household_id) JOIN plan p USING (plan_id) LEFT JOIN counted c USING (household_id)
), held AS (
    SELECT d.household_id, range_intersect_agg(d.days) AS days
    FROM principle_days d JOIN principle p USING (plan_id, principle) WHERE p.in_result GROUP BY d.household_id
), judged AS (
    SELECT h.household_id, h.plan_id, h.lo, h.hi, h.span, e.days AS fine, e.eligible, coalesce(w.days, '{}') AS employed, coalesce(q.days, '{(,)}') AS principled,
        CASE WHEN e.n_met >= p.needs THEN 'met' WHEN e.n_met + e.n_not_known >= p.needs THEN 'not_known' ELSE 'not_met' END AS enough,
        CASE WHEN n.is_failed THEN 'not_met' WHEN n.is_open THEN 'not_known' ELSE 'met' END AS all_improved,
        coalesce(w.verdict::text, 'not_met') AS employment,
        CASE WHEN coalesce(c.sure, '{}') @> h.attached_on OR x.household_id IS NOT NULL THEN 'met' WHEN coalesce(c.possible, '{}') @> h.attached_on THEN 'not_known' ELSE 'not_met' END AS child
    FROM hh h
    JOIN plan p USING (plan_id)
    JOIN now n USING (household_id)
    JOIN enough e USING (household_id)
    LEFT JOIN held q USING (household_id)
    LEFT JOIN employment_days w USING (household_id)
    LEFT JOIN child_days c USING (household_id)
    LEFT JOIN expected x USING (household_id)
    WHERE h.attached_on IS NOT NULL
)
SELECT household_id, plan_id, enough, all_improved, employment, child, fine, eligible, principled, employed AS employed_days,
       CASE WHEN 'not_met' IN (enough, all_improved) THEN 'not_met' WHEN 'not_known' IN (enough, all_improved) THEN 'not_known' ELSE 'met' END AS sustained,
       CASE WHEN 'not_met' IN (enough, employment) THEN 'not_met' WHEN 'not_known' IN (enough, employment) THEN 'not_known' ELSE 'met' END AS employed_result,
       CASE WHEN child = 'met' THEN lower((fine + employed) * eligible * principled * datemultirange(daterange(CAST(:as_at AS date) + 1, hi, '[]'))) END AS ready_on,
       CASE WHEN child = 'met' THEN lower((fine + employed) * eligible * principled * datemultirange(span * daterange(hi + 1, NULL))) END AS later_on
FROM judged
