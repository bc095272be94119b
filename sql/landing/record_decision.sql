-- what:  record what a person decided about a delivery; the same person again only renews it
-- grain: delivery, action and person
-- reads: landing.decision
-- key:   delivery_id, action, by_whom
INSERT INTO landing.decision (delivery_id, action, by_whom, because, decided_at)
VALUES (:delivery_id, :action, :by_whom, :because, clock_timestamp())
ON CONFLICT (delivery_id, action, by_whom) DO UPDATE SET because = excluded.because, decided_at = excluded.decided_at
