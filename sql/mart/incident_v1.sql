-- what:  what is or was wrong with feeds, accounts, runs and marts, and who has been told
-- grain: incident
-- reads: keep.incident, keep.outbox, keep.sending
-- key:   incident_id
-- columns:
--   incident_id: the incident
--   kind: overdue, held, rejected, account, without, refresh, run, mart_check, drift or audit
--   subject: the feed, delivery, partner, DAG or check
--   severity: note, warning or critical
--   feed: the feed, where it is about one
--   partner: the partner, where it is about one
--   delivery_id: the delivery, where it is about one
--   owner: who answers for the feed here
--   says: what is wrong, in words
--   what_to_do: the next step
--   since_on: the day from which it was wrong
--   opened_on: the business day on which it was seen
--   reminders: how often it was said again
--   resolved_on: the business day on which it was over; null while it stands
--   told: by channel what came of the last message: sent, waiting (with the fault) or lapsed; empty where no channel is set up
--   opened_at: when it was seen
CREATE OR REPLACE VIEW mart.incident_v1 AS
SELECT i.incident_id, i.kind, i.subject, i.severity, i.feed, i.partner, i.delivery_id, i.owner, i.says, i.what_to_do, i.since_on,
       i.opened_on, i.reminders, i.resolved_on,
       coalesce((SELECT jsonb_object_agg(l.channel, l.said)
                 FROM (SELECT DISTINCT ON (s.channel) s.channel,
                              s.state || coalesce(' (' || s.fault || ')', '') AS said
                       FROM keep.outbox o JOIN keep.sending s USING (outbox_id)
                       WHERE o.incident_id = i.incident_id
                       ORDER BY s.channel, o.outbox_id DESC) l), '{}') AS told,
       i.opened_at
FROM keep.incident i
