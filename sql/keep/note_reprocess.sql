-- what:  note that a feed's deliveries were run again
-- grain: reprocess
-- reads: nothing
-- key:   reprocess_id
INSERT INTO keep.reprocess (feed, contract_was, contract_is, deliveries, by_whom, because, before, after)
VALUES (:feed, :contract_was, :contract_is, :deliveries, :by_whom, :because, CAST(:before AS jsonb), CAST(:after AS jsonb))
RETURNING reprocess_id
