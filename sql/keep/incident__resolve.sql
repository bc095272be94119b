-- what:  resolve what no longer stands
-- grain: incident
-- reads: standing, keep.incident
-- key:   incident_id
WITH today AS (
    SELECT CAST(:as_at AS date) AS on_day
), resolved AS (
    UPDATE keep.incident i
    SET resolved_at = now(), resolved_on = greatest(today.on_day, i.opened_on)
    FROM today
    WHERE i.resolved_at IS NULL
      AND NOT EXISTS (SELECT FROM standing s WHERE s.kind = i.kind AND s.subject = i.subject)
    RETURNING i.incident_id, i.kind, i.subject, i.says, i.resolved_on
)
INSERT INTO keep.outbox (incident_id, event, says, what_to_do, as_at)
SELECT incident_id, 'resolved', 'No longer: ' || says, 'Nothing.', resolved_on FROM resolved ORDER BY incident_id
