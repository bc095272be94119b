-- what:  open an incident for what is newly wrong, with a message
-- grain: incident
-- reads: standing, keep.incident
-- key:   kind, subject
WITH opened AS (
    INSERT INTO keep.incident (kind, subject, level, severity, feed, partner, delivery_id, owner, says, what_to_do, since_on, opened_on)
    SELECT s.kind, s.subject, s.level, s.severity, s.feed, s.partner, s.delivery_id, s.owner, s.says, s.what_to_do, s.since_on, s.on_day
    FROM standing s
    WHERE NOT EXISTS (SELECT FROM keep.incident i WHERE i.kind = s.kind AND i.subject = s.subject AND i.resolved_at IS NULL)
    ORDER BY s.kind, s.subject
    RETURNING incident_id, says, what_to_do, opened_on
)
INSERT INTO keep.outbox (incident_id, event, says, what_to_do, as_at)
SELECT incident_id, 'opened', says, what_to_do, opened_on FROM opened ORDER BY incident_id
