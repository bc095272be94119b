-- what:  the states of a delivery in order, those of the time when its file only waited among them
-- grain: state reached
-- reads: landing.event, landing.delivery
-- key:   event_id
SELECT e.happened_at, e.state, e.status, e.rows_read, e.rows_loaded, e.rows_rejected, e.rules
FROM landing.delivery d
JOIN landing.event e ON e.delivery_id = d.delivery_id
                     OR (e.state = 'seen' AND (e.partner, e.file_name) = (d.partner, d.file_name) AND e.happened_at <= d.received_at)
WHERE d.delivery_id = :delivery_id
ORDER BY e.event_id
