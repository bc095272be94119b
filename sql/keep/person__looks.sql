-- what:  the exports that were made of a person, by whom and why
-- grain: audit event
-- reads: audit.event
-- key:   event_id
SELECT event_id, happened_at, by_whom, act, because FROM audit.event
WHERE act = 'export' AND subject = CAST(:person_id AS text)
ORDER BY event_id
