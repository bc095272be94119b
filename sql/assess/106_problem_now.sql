-- What:  each problem as at the day: present, present since attachment, improved.
--        Improved goes by the nomination route when only nominations ever made it present; where that cannot be told, only if both ways agree.
-- Grain: household x problem.   Reads: problem, answer, rule, hh, plan_problem, nomination_route.   Key: household_id, problem.
CREATE TEMP TABLE problem_now ON COMMIT DROP AS
WITH alone AS (
    -- an unattached household has one day: its answers on it
    SELECT h.household_id, r.problem,
           bool_or(a.hit @> CAST(:as_at AS date)) FILTER (WHERE r.side = 'identified') AS is_hit,
           bool_or(a.doubt @> CAST(:as_at AS date) OR a.cov @> CAST(:as_at AS date)) FILTER (WHERE r.side = 'identified') AS is_open,
           bool_or(a.hit @> CAST(:as_at AS date)) FILTER (WHERE r.side = 'identified' AND NOT r.is_nominated) AS is_other_hit,
           bool_or(a.doubt @> CAST(:as_at AS date) OR a.cov @> CAST(:as_at AS date)) FILTER (WHERE r.side = 'identified' AND NOT r.is_nominated) AS is_other_open,
           bool_or(a.hit @> CAST(:as_at AS date)) FILTER (WHERE r.side = 'improved') AS is_bad,
           bool_or(a.doubt @> CAST(:as_at AS date) OR a.cov @> CAST(:as_at AS date)) FILTER (WHERE r.side = 'improved') AS is_bad_open
    FROM answer a JOIN rule r USING (rule_id) JOIN hh h USING (household_id)
    WHERE h.attached_on IS NULL
    GROUP BY h.household_id, r.problem
), told AS (
    SELECT household_id, plan_id, attached_on, problem,
        (CASE WHEN hit @> CAST(:as_at AS date) THEN 'met' WHEN doubt @> CAST(:as_at AS date) OR cov @> CAST(:as_at AS date)
              THEN 'not_known' ELSE 'not_met' END)::assess.verdict AS present,
        (CASE WHEN first_hit <= :as_at THEN 'met' WHEN least(first_doubt, first_cov) <= :as_at THEN 'not_known' ELSE 'not_met' END)::assess.verdict AS present_since,
        (CASE WHEN bad @> CAST(:as_at AS date) THEN 'not_met' WHEN improve_doubt @> CAST(:as_at AS date) OR improve_cov @> CAST(:as_at AS date)
              THEN 'not_known' ELSE 'met' END)::assess.verdict AS by_tests,
        (CASE WHEN unsettled @> CAST(:as_at AS date) THEN 'not_met' ELSE 'met' END)::assess.verdict AS by_nomination,
        CASE WHEN first_other_hit <= :as_at OR NOT coalesce(first_hit <= :as_at, false) THEN 'not_met'
             WHEN least(first_other_doubt, first_other_cov) <= :as_at THEN 'not_known' ELSE 'met' END AS only_nominated
    FROM problem
    UNION ALL
    SELECT h.household_id, h.plan_id, h.attached_on, q.problem, p.present, p.present,
           (CASE WHEN a.is_bad THEN 'not_met' WHEN a.is_bad_open THEN 'not_known' ELSE 'met' END)::assess.verdict,
           (CASE WHEN n.unsettled @> CAST(:as_at AS date) THEN 'not_met' ELSE 'met' END)::assess.verdict,
           CASE WHEN a.is_other_hit OR NOT coalesce(a.is_hit, false) THEN 'not_met' WHEN a.is_other_open THEN 'not_known' ELSE 'met' END
    FROM hh h
    JOIN plan_problem q USING (plan_id)
    LEFT JOIN alone a ON a.household_id = h.household_id AND a.problem = q.problem
    LEFT JOIN nomination_route n ON n.household_id = h.household_id AND n.problem = q.problem
    CROSS JOIN LATERAL (SELECT (CASE WHEN a.is_hit THEN 'met' WHEN a.is_open THEN 'not_known' ELSE 'not_met' END)::assess.verdict AS present) p
    WHERE h.attached_on IS NULL
)
SELECT household_id, plan_id, attached_on, problem, present, present_since, only_nominated, by_tests, by_nomination,
       CASE only_nominated WHEN 'not_met' THEN by_tests WHEN 'met' THEN by_nomination
            ELSE CASE WHEN by_tests = by_nomination THEN by_tests ELSE 'not_known'::assess.verdict END END AS improved
FROM told
