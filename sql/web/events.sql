-- what:  the newest acts of the audit chain
-- grain: audit event
-- reads: audit.event
-- key:   event_id
SELECT event_id, happened_at, by_whom, act, subject, because
FROM audit.event
ORDER BY event_id DESC
LIMIT :most
