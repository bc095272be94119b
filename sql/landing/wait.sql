-- what:  say why a file that is not ready waits
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET reasons = CAST(:reasons AS jsonb), business_on = :business_on
WHERE feed = :feed AND partner = :partner AND file_name = :file_name AND state = 'seen'
RETURNING delivery_id
