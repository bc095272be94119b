-- what:  the unattached households that are eligible or might be, and which of them are a family that is told of elsewhere
-- grain: household
-- reads: mart.claim_readiness_v1, mart.household_overlap_v1, identity.household
-- key:   household_id
-- columns:
--   household_id: the household
--   status: eligible or cannot_tell
--   aside: blank for a family to find; ended when nobody is of it any more; within when all its members are of another household that is known or to find
--   within_id: that other household
--   run_id: the run that judged it
--   plan_id: the plan that judged it
--   as_at: the day judged
CREATE OR REPLACE VIEW mart.to_find_v1 AS
WITH within AS (
    SELECT o.household_id, min(o.within_id) AS within_id
    FROM mart.household_overlap_v1 o
    JOIN mart.claim_readiness_v1 r ON r.household_id = o.household_id
    JOIN mart.claim_readiness_v1 other ON other.household_id = o.within_id
     AND other.status <> 'not_eligible' AND (other.status <> 'cannot_tell' OR r.status = 'cannot_tell')
    GROUP BY o.household_id
)
SELECT r.household_id,
       r.status,
       CASE WHEN h.ended_on <= r.as_at THEN 'ended' WHEN w.within_id IS NOT NULL THEN 'within' END AS aside,
       w.within_id,
       r.run_id,
       r.plan_id,
       r.as_at
FROM mart.claim_readiness_v1 r
LEFT JOIN identity.household h ON h.household_id = r.household_id AND h.known_to = 'infinity'
LEFT JOIN within w ON w.household_id = r.household_id
WHERE r.status IN ('eligible', 'cannot_tell')
