-- What:  the two results and the principles as at the day, and the days after it on which the family would be ready with
--        today's facts and every feed covered (so only what is unknown about a person stays unknown).
-- Grain: attached household.   Reads: fine_problem, problem_now, plan, employment_days, principle_days, child_days.   Key: household_id.
CREATE TEMP TABLE outcome ON COMMIT DROP AS
WITH now AS (
    SELECT n.household_id,
           count(*) FILTER (WHERE present_since = 'met') AS n_met,
           count(*) FILTER (WHERE present_since = 'not_known') AS n_not_known,
           bool_or(present_since = 'met' AND improved = 'not_met') AS is_failed,
           bool_or(present_since <> 'not_met' AND improved <> 'met') AS is_open
    FROM problem_now n GROUP BY n.household_id
), fine AS (
    SELECT household_id, range_intersect_agg(days) AS days, array_agg(first_hit ORDER BY first_hit) AS first_hits
    FROM fine_problem GROUP BY household_id
), enough AS (
    SELECT f.household_id, f.days, datemultirange(CASE WHEN f.first_hits[p.needs] IS NULL THEN 'empty' ELSE daterange(f.first_hits[p.needs], NULL) END) AS eligible
    FROM fine f JOIN hh h USING (household_id) JOIN plan p USING (plan_id)
), held AS (
    SELECT household_id, range_intersect_agg(days) AS days FROM principle_days GROUP BY household_id
), judged AS (
    SELECT h.household_id, h.plan_id, h.lo, h.hi, e.days AS fine, e.eligible, coalesce(w.days, '{}') AS employed, coalesce(q.days, '{(,)}') AS principled,
        CASE WHEN n.n_met >= p.needs THEN 'met' WHEN n.n_met + n.n_not_known >= p.needs THEN 'not_known' ELSE 'not_met' END AS enough,
        CASE WHEN n.is_failed THEN 'not_met' WHEN n.is_open THEN 'not_known' ELSE 'met' END AS all_improved,
        coalesce(w.verdict::text, 'not_met') AS employment,
        CASE WHEN coalesce(c.sure, '{}') @> h.attached_on THEN 'met' WHEN coalesce(c.possible, '{}') @> h.attached_on THEN 'not_known' ELSE 'not_met' END AS child
    FROM hh h
    JOIN plan p USING (plan_id)
    JOIN now n USING (household_id)
    JOIN enough e USING (household_id)
    LEFT JOIN held q USING (household_id)
    LEFT JOIN employment_days w USING (household_id)
    LEFT JOIN child_days c USING (household_id)
    WHERE h.attached_on IS NOT NULL
)
SELECT household_id, plan_id, enough, all_improved, employment, child, fine, eligible, principled, employed AS employed_days,
       CASE WHEN 'not_met' IN (enough, all_improved) THEN 'not_met' WHEN 'not_known' IN (enough, all_improved) THEN 'not_known' ELSE 'met' END AS sustained,
       CASE WHEN 'not_met' IN (enough, employment) THEN 'not_met' WHEN 'not_known' IN (enough, employment) THEN 'not_known' ELSE 'met' END AS employed_result,
       CASE WHEN child = 'met' THEN lower((fine + employed) * eligible * principled * datemultirange(daterange(CAST(:as_at AS date) + 1, hi, '[]'))) END AS ready_on
FROM judged
