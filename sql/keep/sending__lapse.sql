-- what:  let a message lapse that a later one of its incident replaces, and an all-clear of what was never told
-- grain: message and channel
-- reads: keep.sending, keep.outbox
-- key:   outbox_id, channel
UPDATE keep.sending s
SET state = 'lapsed'
FROM keep.outbox o
WHERE o.outbox_id = s.outbox_id AND s.state = 'waiting'
  AND (EXISTS (SELECT FROM keep.outbox l WHERE l.incident_id = o.incident_id AND l.outbox_id > o.outbox_id)
       OR (o.event = 'resolved'
           AND NOT EXISTS (SELECT FROM keep.sending t JOIN keep.outbox e USING (outbox_id)
                           WHERE e.incident_id = o.incident_id AND t.channel = s.channel AND t.state = 'sent')))
