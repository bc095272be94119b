-- what:  a way through each channel for each message of an incident that is open, or of which the channel was told
-- grain: message and channel
-- reads: keep.outbox, keep.incident, keep.sending
-- key:   outbox_id, channel
INSERT INTO keep.sending (outbox_id, channel)
SELECT o.outbox_id, c.channel
FROM keep.outbox o
JOIN keep.incident i USING (incident_id)
CROSS JOIN unnest(CAST(:channels AS text[])) AS c (channel)
WHERE (i.resolved_at IS NULL
       OR EXISTS (SELECT FROM keep.sending s JOIN keep.outbox e USING (outbox_id)
                  WHERE e.incident_id = i.incident_id AND s.channel = c.channel))
  AND NOT EXISTS (SELECT FROM keep.sending s WHERE s.outbox_id = o.outbox_id AND s.channel = c.channel)
