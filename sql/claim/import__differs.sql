-- what:  rows that say of a claim what its first row, or the claim as it stands, does not; and states that it cannot go to
-- grain: line x column
-- reads: incoming, claim.claim, claim.step
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
            ELSE 'a claim that was taken back stays so: give a new one its own claim_ref' END
FROM incoming i
JOIN first f USING (claim_ref)
LEFT JOIN claim.claim c USING (claim_ref)
WHERE i.state <> f.state
   OR c.state <> i.state AND NOT EXISTS (SELECT FROM claim.step s WHERE s.state_was = c.state AND s.state_is = i.state)
