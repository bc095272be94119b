-- what:  one household's status, with its plan's title and the state of knowledge of its run
-- grain: household
-- reads: mart.claim_readiness_v1, mart.household_v1, assess.plan, assess.plan_version, assess.run
-- key:   household_id
SELECT r.household_id, h.family_refs, h.adults, h.children, r.plan_id, coalesce(v.document ->> 'title', p.title) AS plan, r.as_at, n.known_at, r.run_id,
       r.status, r.result, r.attached_on, r.problems_present, r.problems_improved, r.why_not, r.what_next,
       r.earliest_on, r.binds, r.blocked_by_feed, r.value_pounds, r.claimed_as, coalesce(v.document, p.document) AS document
FROM mart.claim_readiness_v1 r
JOIN assess.run n ON n.run_id = r.run_id
LEFT JOIN mart.household_v1 h ON h.household_id = r.household_id
LEFT JOIN assess.plan p ON p.plan_id = r.plan_id
-- its text as the run judged by it
LEFT JOIN LATERAL (SELECT o.document FROM assess.plan_version o WHERE o.plan_id = r.plan_id AND o.plan_hash = n.plan_hashes ->> r.plan_id
                   ORDER BY o.known_from DESC LIMIT 1) v ON true
WHERE r.household_id = :household_id
