-- what:  the judged households of a pack: result, problems, plan and references, as the run that was just made says
-- grain: household
-- reads: assess.readiness, assess.run, assess.plan, identity.household_ref
-- key:   household_id
SELECT r.household_id, r.status, r.result, r.attached_on, r.problems_present, r.problems_improved, r.why_not, r.claimed_as, r.value_pounds,
       r.plan_id, p.plan_hash, p.document,
       (SELECT coalesce(array_agg(h.partner || ':' || h.family_ref ORDER BY 1), '{}') FROM identity.household_ref h
        WHERE h.household_id = r.household_id AND h.known_from <= n.known_at AND h.known_to > n.known_at) AS family_refs
FROM assess.readiness r JOIN assess.run n USING (run_id) JOIN assess.plan p ON p.plan_id = r.plan_id
WHERE r.household_id = ANY (CAST(:households AS bigint[])) AND n.known_at = :known_at
ORDER BY r.household_id
