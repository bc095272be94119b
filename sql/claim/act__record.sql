-- what:  an act on claims, for the chain of acts
-- grain: act
-- reads: claim.event
-- key:   event_id
INSERT INTO claim.event (act, window_id, claim_id, by_whom, because, detail)
VALUES (:act, :window_id, :claim_id, :by, :because, CAST(:detail AS jsonb)) RETURNING hash
