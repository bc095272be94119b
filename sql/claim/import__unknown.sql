-- what:  rows whose claim is called as a window is, or that name a plan, partner or state that is not known here, or a day that the warehouse's clock has not reached
-- grain: line x column
-- reads: incoming, claim.window, claim.exclusion, core.feed, claim.state
-- key:   line, column_name
SELECT i.line, v.column_name, v.fault, v.remedy
FROM incoming i
CROSS JOIN LATERAL (VALUES
    ('claim_ref', 'a window is called so', 'give the claim another reference', NOT EXISTS (SELECT FROM claim.window w WHERE w.name = i.claim_ref)),
    ('plan_id', 'no such plan', 'use one of: ' || (SELECT string_agg(DISTINCT plan_id, ', ' ORDER BY plan_id) FROM claim.exclusion),
     EXISTS (SELECT FROM claim.exclusion x WHERE x.plan_id = i.plan_id)),
    ('partner', 'no such partner', 'use one of: ' || (SELECT string_agg(DISTINCT partner, ', ' ORDER BY partner) FROM core.feed WHERE partner <> 'any'),
     EXISTS (SELECT FROM core.feed f WHERE f.partner = i.partner AND f.partner <> 'any')),
    ('state', 'not a state of an earlier claim', 'use one of: ' || (SELECT string_agg(state, ', ' ORDER BY nth) FROM claim.state WHERE may_come),
     EXISTS (SELECT FROM claim.state s WHERE s.state = i.state AND (s.may_come OR EXISTS (
         SELECT FROM claim.claim c WHERE c.claim_ref = i.claim_ref AND c.state = i.state)))),
    ('claimed_on', 'a day that is still to come', 'give the day on which it was claimed', i.claimed_on <= current_date))
    AS v(column_name, fault, remedy, is_well)
WHERE NOT v.is_well
