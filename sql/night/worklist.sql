-- what:  the households that somebody can do something about, the nearest to a claim first, so many of each status; of families to find,
--        each once
-- grain: household
-- reads: mart.claim_readiness_v1, mart.household_v1, mart.to_find_v1
-- key:   household_id
WITH placed AS (
    SELECT r.household_id, r.status, r.result, r.problems_present, r.problems_improved, r.why_not, r.what_next,
           r.earliest_on, r.blocked_by_feed, r.value_pounds, r.as_at, r.plan_id, h.children, h.adults, h.family_refs,
           array_position(ARRAY['ready', 'blocked_by_data', 'in_progress', 'eligible', 'cannot_tell'], r.status) AS place,
           row_number() OVER (PARTITION BY r.status
                              ORDER BY r.earliest_on NULLS LAST, cardinality(r.problems_present) DESC, r.household_id) AS nth
    FROM mart.claim_readiness_v1 r
    LEFT JOIN mart.household_v1 h ON h.household_id = r.household_id
    WHERE r.household_id NOT IN (SELECT household_id FROM mart.to_find_v1 WHERE aside IS NOT NULL)
)
SELECT household_id, status, result, problems_present, problems_improved, why_not, what_next, earliest_on, blocked_by_feed,
       value_pounds, as_at, plan_id, children, adults, family_refs
FROM placed
WHERE place IS NOT NULL AND nth <= :each
ORDER BY place, nth
