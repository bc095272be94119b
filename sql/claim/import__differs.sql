-- what:  rows that say of a claim what its first row, or the claim as it stands, does not; states that it cannot go to; and people whom
--        a claim of a window is not for: whose it is was settled when it was drafted
-- grain: line x column
-- reads: incoming, claim.claim, claim.step, claim.person
-- key:   line, column_name
WITH first AS (
    SELECT DISTINCT ON (claim_ref) * FROM incoming ORDER BY claim_ref, line
)
SELECT i.line, v.column_name,
       CASE WHEN c.claim_id IS NULL THEN 'differs from the first row of the same claim, line ' || f.line
            ELSE 'differs from the claim that stands' END AS fault,
       CASE WHEN c.claim_id IS NULL THEN 'every row of a claim says the same of it'
            ELSE 'withdraw that claim and give this one a new claim_ref, or mend the row' END AS remedy
FROM incoming i
JOIN first f USING (claim_ref)
LEFT JOIN claim.claim c USING (claim_ref)
CROSS JOIN LATERAL (VALUES
    ('plan_id', i.plan_id = coalesce(c.plan_id, f.plan_id)), ('result', i.result = coalesce(c.result, f.result)),
    ('claimed_on', i.claimed_on = coalesce(c.claimed_on, f.claimed_on)),
    ('amount_pounds', i.amount_pounds = coalesce(c.amount_pounds, f.amount_pounds))) AS v(column_name, is_well)
WHERE NOT v.is_well
UNION ALL
SELECT i.line, 'state',
       CASE WHEN i.state <> f.state THEN 'differs from the first row of the same claim, line ' || f.line
            ELSE 'the claim is ' || c.state || ' and cannot become ' || i.state END,
       CASE WHEN i.state <> f.state THEN 'every row of a claim says the same of it'
            WHEN c.window_id IS NOT NULL AND EXISTS (SELECT FROM claim.step s WHERE s.state_was = c.state)
                THEN 'it is of a window: take the window''s steps with `tfi claims`'
            ELSE 'a claim that was taken back stays so: give a new one its own claim_ref' END
FROM incoming i
JOIN first f USING (claim_ref)
LEFT JOIN claim.claim c USING (claim_ref)
WHERE i.state <> f.state
   OR c.state <> i.state AND NOT claim.may_become(c, i.state)
UNION ALL
SELECT i.line, 'person_ref', 'not one of the people of the claim that stands', 'leave the row out: a claim of a window is for those it was drafted for'
FROM incoming i
JOIN claim.claim c USING (claim_ref)
WHERE c.window_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM claim.person p WHERE p.claim_id = c.claim_id AND p.partner = i.partner AND p.person_ref = i.person_ref)
