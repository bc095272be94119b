-- what:  remove the rows of a file that only waited: once fetched it is registered by its true digest
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
DELETE FROM landing.delivery
WHERE feed = :feed AND partner = :partner AND file_name = :file_name AND state = 'seen'
