-- what:  what a later look at a frozen claim found, kept when it differs from the look before
-- grain: look
-- reads: claim.replay
-- key:   replay_id
INSERT INTO claim.replay (claim_id, same_evidence, still_stands, changed_since)
SELECT v.claim_id, v.same_evidence, v.still_stands, v.changed_since
FROM (VALUES (CAST(:claim_id AS bigint), CAST(:same_evidence AS boolean), CAST(:still_stands AS boolean), CAST(:changed_since AS text)))
     AS v(claim_id, same_evidence, still_stands, changed_since)
LEFT JOIN LATERAL (SELECT * FROM claim.replay r WHERE r.claim_id = v.claim_id ORDER BY replay_id DESC LIMIT 1) l ON true
WHERE (l.same_evidence, l.still_stands, l.changed_since) IS DISTINCT FROM (v.same_evidence, v.still_stands, v.changed_since) OR l.claim_id IS NULL
