-- What:  the first day on which a household that is ready, or unattached and eligible, would be so no more with nothing new:
--        a fact leaves its window, a term closes, a lead worker's time or a membership ends. And which of its tests ends then.
-- Grain: household.   Reads: new_readiness, hh, plan, outcome, principle_days, principle, fine_problem, problem_now, plan_problem, criterion, rule, term_window.   Key: household_id.
INSERT INTO assess.lapse (household_id, lapses_on, because, plan_id, as_at, run_id)
WITH part AS (
    -- what a ready household stands on, each with the days on which it holds
    SELECT d.household_id, p.says, d.days FROM principle_days d JOIN principle p USING (plan_id, principle) WHERE p.in_result
    UNION ALL
    SELECT n.household_id, q.says, f.days
    FROM problem_now n JOIN plan_problem q USING (plan_id, problem) JOIN fine_problem f USING (household_id, problem)
    JOIN outcome o USING (household_id) WHERE q.in_result AND n.present_since = 'met' AND o.sustained = 'met'
    UNION ALL
    SELECT o.household_id, 'time in work', o.employed_days FROM outcome o WHERE o.sustained <> 'met'
), ready AS (
    SELECT p.household_id, p.says, upper(x) AS ends_on
    FROM part p JOIN new_readiness r USING (household_id) CROSS JOIN LATERAL unnest(p.days) x
    WHERE r.status = 'ready' AND x @> CAST(:as_at AS date) AND isfinite(upper(x))
), present AS (
    -- an unattached household's criteria are judged on one day alone: where a term's close ends one, the calendar says when
    SELECT c.household_id, c.problem, CASE q.counts WHEN 'needs' THEN c.problem || '.' || c.criterion ELSE c.problem END AS need,
           CASE WHEN t.next_on IS NOT NULL AND upper(x) = CAST(:as_at AS date) + 1 THEN t.next_on ELSE coalesce(upper(x), 'infinity') END AS ends_on
    FROM new_readiness r
    JOIN criterion c USING (household_id)
    JOIN plan q USING (plan_id)
    CROSS JOIN LATERAL unnest(c.hit) x
    LEFT JOIN LATERAL (
        SELECT max(upper(w.days)) AS next_on FROM rule u JOIN term_window w ON w.n = u.window_n AND w.days @> CAST(:as_at AS date)
        WHERE u.plan_id = r.plan_id AND u.side = 'identified' AND u.problem = c.problem AND u.criterion = c.criterion AND u.window_unit LIKE 'terms%') t ON true
    WHERE r.status = 'eligible' AND x @> CAST(:as_at AS date)
), need_ends AS (
    SELECT household_id, problem, need, max(ends_on) AS ends_on FROM present GROUP BY household_id, problem, need
), eligible AS (
    -- it falls short on the day on which fewer than the plan's number are left
    SELECT n.household_id, (array_agg(n.ends_on ORDER BY n.ends_on DESC))[p.needs] AS ends_on
    FROM need_ends n JOIN new_readiness r USING (household_id) JOIN plan p USING (plan_id) GROUP BY n.household_id, p.needs
), ending AS (
    SELECT household_id, says, ends_on FROM ready
    UNION ALL
    SELECT e.household_id, q.says, e.ends_on
    FROM eligible e JOIN need_ends n USING (household_id, ends_on) JOIN new_readiness r USING (household_id)
    JOIN plan_problem q ON q.plan_id = r.plan_id AND q.problem = n.problem WHERE isfinite(e.ends_on)
), first_end AS (
    SELECT household_id, min(ends_on) AS ends_on FROM ending GROUP BY household_id
)
SELECT e.household_id, e.ends_on, string_agg(DISTINCT e.says, '; '), r.plan_id, CAST(:as_at AS date), CAST(:run_id AS bigint)
FROM ending e JOIN first_end USING (household_id, ends_on) JOIN new_readiness r USING (household_id)
WHERE e.ends_on > CAST(:as_at AS date)
GROUP BY e.household_id, e.ends_on, r.plan_id
