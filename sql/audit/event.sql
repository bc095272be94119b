-- what:  add an event to the chain
-- grain: event
-- reads: audit.event
-- key:   event_id
INSERT INTO audit.event (by_whom, act, subject, because, detail)
VALUES (:by_whom, :act, :subject, :because, CAST(:detail AS jsonb))
RETURNING event_id
