-- what:  the next message that is due through a channel, locked; one that would wait longer than any is made to wait was put off by a
--        clock that has been set back since
-- grain: message
-- reads: keep.sending, keep.outbox, keep.incident
-- key:   message_id
SELECT o.outbox_id AS message_id, i.incident_id, o.event, i.kind, i.subject, i.severity, i.feed, i.partner, i.owner,
       o.says, o.what_to_do, i.opened_on, o.as_at
FROM keep.sending s
JOIN keep.outbox o USING (outbox_id)
JOIN keep.incident i USING (incident_id)
WHERE s.channel = :channel AND s.state = 'waiting' AND (s.next_try_at <= clock_timestamp() OR s.next_try_at > clock_timestamp() + interval '1 minute' * :longest_minutes)
ORDER BY s.tries, o.outbox_id
LIMIT 1
FOR UPDATE OF s SKIP LOCKED
