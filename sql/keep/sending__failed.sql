-- what:  note that a message could not leave, and when to try again
-- grain: message and channel
-- reads: keep.sending
-- key:   outbox_id, channel
UPDATE keep.sending
SET tries = tries + 1, fault = :fault,
    next_try_at = clock_timestamp() + interval '1 minute' * least(:first_minutes * power(CAST(:times AS float8), tries), :longest_minutes)
WHERE outbox_id = :outbox_id AND channel = :channel
