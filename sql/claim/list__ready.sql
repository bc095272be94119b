-- what:  the households that could be claimed for now, with the window that holds them already, where one does
-- grain: household
-- reads: mart.claim_readiness_v1, mart.household_v1, claim.claim
-- key:   household_id
SELECT r.household_id, h.family_refs, r.plan_id, r.result, r.attached_on, r.value_pounds,
       (SELECT min(c.claim_ref) FROM claim.claim c JOIN claim.state s USING (state)
        WHERE s.holds AND c.household_id = r.household_id AND c.plan_id = r.plan_id) AS held_as
FROM mart.claim_readiness_v1 r LEFT JOIN mart.household_v1 h USING (household_id)
WHERE r.status = 'ready' ORDER BY r.attached_on, r.household_id
