-- what:  once a run has judged, every household that stands has a status and a word on each of its plan's problems
-- grain: household
-- reads: mart.household_v1, mart.claim_readiness_v1, mart.household_problem_v1, assess.plan, assess.run
-- key:   household_id
SELECT h.household_id::text
FROM identity.household h
LEFT JOIN assess.readiness r ON r.household_id = h.household_id
LEFT JOIN assess.plan p ON p.plan_id = r.plan_id
LEFT JOIN (SELECT household_id, count(*) AS problems
           FROM assess.problem_verdict
           WHERE (CAST(:households AS bigint[]) IS NULL OR household_id = ANY (CAST(:households AS bigint[])))
           GROUP BY household_id) v ON v.household_id = h.household_id
WHERE h.known_to = 'infinity'
  AND EXISTS (SELECT 1 FROM assess.run)
  AND (r.household_id IS NULL
       OR (CAST(:households AS bigint[]) IS NULL OR h.household_id = ANY (CAST(:households AS bigint[])))
          AND v.problems IS DISTINCT FROM (SELECT count(*) FROM jsonb_object_keys(p.document -> 'problems')))
