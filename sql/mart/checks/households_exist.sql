-- what:  what is judged or listed belongs to a household that stands
-- grain: household
-- reads: mart.household_v1, mart.claim_readiness_v1, mart.household_member_v1, mart.household_problem_v1
-- key:   household_id
SELECT DISTINCT j.household_id::text
FROM (SELECT household_id FROM mart.claim_readiness_v1
      UNION ALL SELECT household_id FROM mart.household_member_v1
      UNION ALL SELECT household_id FROM mart.household_problem_v1) j
WHERE NOT EXISTS (SELECT 1 FROM identity.household h WHERE h.household_id = j.household_id AND h.known_to = 'infinity')
