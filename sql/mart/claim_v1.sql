-- what:  every claim, from a draft to a payment or its return, with who approved it, the digest of its evidence and what has changed since
-- grain: claim
-- reads: claim.claim, claim.window, claim.window_step, claim.transfer, claim.pack, claim.replay, claim.conflict_today
-- key:   claim_id
-- columns:
--   claim_id: the claim
--   household_id: the household that it was made for; of an imported claim, one that answers to its family reference today
--   window_id: the window that it is part of; blank when imported
--   state: drafted, approved, frozen, submitted, paid, withdrawn or clawed_back
--   result: sustained or employment
--   amount_pounds: what was claimed
--   approved_by: who approved its window
--   submitted_at: when it was submitted here; of an imported claim, its own day
--   evidence_sha256: the digest of its frozen evidence
--   changed_since: what the last replay found to have changed, in words; blank when nothing has, or none was made
--   claim_ref: the reference that people use
--   plan_id: the plan that it was made under
--   window_name: the window's name
--   claimed_on: the day as at which it was claimed
--   stands: whether its family counts as claimed for
--   still_stands: whether the last replay found it a result still, with what was known by then
--   conflicts_with: other standing claims that turned out to be for one of its children
--   drafted_by: who drafted its window
--   moved_at: when it came into its state
CREATE OR REPLACE VIEW mart.claim_v1 AS
SELECT c.claim_id,
       coalesce(c.household_id, (SELECT min(r.household_id) FROM claim.family f
                                 JOIN identity.household_ref r ON r.partner = f.partner AND r.family_ref = f.family_ref AND r.known_to = 'infinity'
                                 WHERE f.claim_id = c.claim_id)) AS household_id,
       c.window_id,
       c.state,
       c.result,
       c.amount_pounds,
       s.by_whom AS approved_by,
       CASE WHEN c.window_id IS NULL THEN CASE WHEN c.state <> 'frozen' THEN c.claimed_on::timestamptz END ELSE t.submitted_at END AS submitted_at,
       p.evidence_sha256,
       y.changed_since,
       c.claim_ref,
       c.plan_id,
       w.name AS window_name,
       c.claimed_on,
       st.stands,
       y.still_stands,
       coalesce((SELECT array_agg(DISTINCT o.claim_ref ORDER BY o.claim_ref) FROM claim.conflict_today x
                 JOIN claim.claim o ON o.claim_id = CASE WHEN x.claim_a = c.claim_id THEN x.claim_b ELSE x.claim_a END
                 JOIN claim.state os ON os.state = o.state AND os.stands
                 WHERE c.claim_id IN (x.claim_a, x.claim_b) AND st.stands), '{}') AS conflicts_with,
       w.drafted_by,
       t.moved_at
FROM claim.claim c
JOIN claim.state st USING (state)
LEFT JOIN claim.window w USING (window_id)
LEFT JOIN claim.window_step s ON s.window_id = c.window_id AND s.step = 'approved'
LEFT JOIN claim.pack p USING (claim_id)
LEFT JOIN LATERAL (SELECT max(happened_at) AS moved_at, max(happened_at) FILTER (WHERE state_is = 'submitted') AS submitted_at
                   FROM claim.transfer x WHERE x.claim_id = c.claim_id) t ON true
LEFT JOIN LATERAL (SELECT r.changed_since, r.still_stands FROM claim.replay r WHERE r.claim_id = c.claim_id ORDER BY r.replay_id DESC LIMIT 1) y ON true
