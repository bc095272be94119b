-- what:  the claims of a window that are still in it, with what they may be grouped by
-- grain: claim
-- reads: claim.claim, assess.readiness
-- key:   claim_id
SELECT c.claim_id, c.claim_ref, c.plan_id, c.result, coalesce(cardinality(r.problems_present), 0) AS problems
FROM claim.claim c LEFT JOIN assess.readiness r USING (household_id)
WHERE c.window_id = :window_id AND c.state <> 'withdrawn' ORDER BY c.claim_ref
