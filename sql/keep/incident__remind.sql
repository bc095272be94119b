-- what:  remind of what still stands, after so many days of its kind
-- grain: incident
-- reads: standing, keep.incident
-- key:   incident_id
WITH reminded AS (
    UPDATE keep.incident i
    SET reminders = i.reminders + 1, reminded_on = s.on_day, says = s.says, what_to_do = s.what_to_do
    FROM standing s
    WHERE i.kind = s.kind AND i.subject = s.subject AND i.resolved_at IS NULL
      AND s.on_day >= coalesce(i.reminded_on, i.opened_on) + s.remind_after_days
    RETURNING i.incident_id, i.says, i.what_to_do, s.on_day
)
INSERT INTO keep.outbox (incident_id, event, says, what_to_do, as_at)
SELECT incident_id, 'reminded', says, what_to_do, on_day FROM reminded ORDER BY incident_id
