-- what:  a window, by its name or that of a claim of it, kept from every other act until this one is done: acts at once come one by one
-- grain: window
-- reads: claim.window, claim.claim
-- key:   window_id
SELECT window_id FROM claim.window w
WHERE w.name = :named OR w.window_id = (SELECT c.window_id FROM claim.claim c WHERE c.claim_ref = :named)
FOR UPDATE
