-- what:  say that what was late is missing: the same incident, weightier
-- grain: incident
-- reads: standing, keep.incident
-- key:   incident_id
WITH raised AS (
    UPDATE keep.incident i
    SET level = s.level, says = s.says, what_to_do = s.what_to_do, reminded_on = s.on_day
    FROM standing s
    WHERE i.kind = s.kind AND i.subject = s.subject AND i.resolved_at IS NULL AND s.level > i.level
    RETURNING i.incident_id, i.says, i.what_to_do, s.on_day
)
INSERT INTO keep.outbox (incident_id, event, says, what_to_do, as_at)
SELECT incident_id, 'raised', says, what_to_do, on_day FROM raised ORDER BY incident_id
