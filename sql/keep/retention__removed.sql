-- what:  note the day on which a delivery's landed file was removed
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery SET removed_on = :as_at, landed_path = NULL WHERE delivery_id = ANY (CAST(:ids AS bigint[]))
