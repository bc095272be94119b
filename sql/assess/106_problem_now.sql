-- What:  each problem as at the day: present, present since attachment, improved.
--        Improved goes by the nomination route when only nominations ever made it present; where that cannot be told, only if both ways agree.
-- Grain: household x problem.   Reads: problem.   Key: household_id, problem.
CREATE TEMP TABLE problem_now ON COMMIT DROP AS
WITH told AS (
    SELECT *,
        (CASE WHEN hit @> CAST(:as_at AS date) THEN 'met' WHEN doubt @> CAST(:as_at AS date) OR cov @> CAST(:as_at AS date)
              THEN 'not_known' ELSE 'not_met' END)::assess.verdict AS present,
        (CASE WHEN first_hit <= :as_at THEN 'met' WHEN least(first_doubt, first_cov) <= :as_at THEN 'not_known' ELSE 'not_met' END)::assess.verdict AS present_since,
        (CASE WHEN bad @> CAST(:as_at AS date) THEN 'not_met' WHEN improve_doubt @> CAST(:as_at AS date) OR improve_cov @> CAST(:as_at AS date)
              THEN 'not_known' ELSE 'met' END)::assess.verdict AS by_tests,
        (CASE WHEN unsettled @> CAST(:as_at AS date) THEN 'not_met' ELSE 'met' END)::assess.verdict AS by_nomination,
        CASE WHEN first_other_hit <= :as_at OR NOT coalesce(first_hit <= :as_at, false) THEN 'not_met'
             WHEN least(first_other_doubt, first_other_cov) <= :as_at THEN 'not_known' ELSE 'met' END AS only_nominated
    FROM problem
)
SELECT household_id, plan_id, attached_on, problem, present, present_since, only_nominated, by_tests, by_nomination,
       CASE only_nominated WHEN 'not_met' THEN by_tests WHEN 'met' THEN by_nomination
            ELSE CASE WHEN by_tests = by_nomination THEN by_tests ELSE 'not_known'::assess.verdict END END AS improved
FROM told
