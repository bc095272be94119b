-- what:  the two entries of every move of a claim cancel out, in claims and in pounds
-- grain: transfer
-- reads: claim.transfer, claim.entry, claim.claim
-- key:   claim_ref, state
SELECT concat_ws('/', c.claim_ref, t.state_is)
FROM claim.transfer t
JOIN claim.claim c USING (claim_id)
LEFT JOIN claim.entry e USING (transfer_id)
GROUP BY t.transfer_id, c.claim_ref, t.state_is
HAVING count(e.entry_id) <> 2 OR sum(e.claims) <> 0 OR sum(e.pounds) <> 0
