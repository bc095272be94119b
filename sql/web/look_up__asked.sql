-- what:  how many look-ups an account made within the last hour
-- grain: one row
-- reads: audit.event
-- key:   none
SELECT count(*) FROM audit.event WHERE act = 'look up' AND by_whom = :name AND happened_at > now() - interval '1 hour'
