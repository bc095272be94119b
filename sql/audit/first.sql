-- what:  the first event, where it is older than so many days
-- grain: one row at most
-- reads: audit.event
-- key:   event_id
SELECT event_id FROM audit.event WHERE event_id = 1 AND happened_at < now() - make_interval(days => :days)
