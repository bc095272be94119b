-- what:  the exports that were made of a person, and the evidence packs that bear their name, by whom and why
-- grain: audit event
-- reads: audit.event
-- key:   event_id
SELECT event_id, happened_at, by_whom, act, because FROM audit.event
WHERE act IN ('export', 'pack with names') AND subject = CAST(:person_id AS text)
ORDER BY event_id
