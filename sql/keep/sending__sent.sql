-- what:  note that a message has left
-- grain: message and channel
-- reads: keep.sending
-- key:   outbox_id, channel
UPDATE keep.sending SET state = 'sent', tries = tries + 1, sent_at = clock_timestamp(), fault = NULL
WHERE outbox_id = :outbox_id AND channel = :channel
