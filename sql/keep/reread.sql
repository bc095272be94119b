-- what:  note under which contract a delivery was read again, and its counts
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET rows_read = :rows_read, rows_loaded = :rows_loaded, rows_rejected = :rows_rejected, contract_version = :contract_version,
    code_version = :code_version, status = CASE WHEN :rows_rejected > 0 THEN 'accepted_with_rejects' ELSE 'accepted' END
WHERE delivery_id = :delivery_id AND status IN ('accepted', 'accepted_with_rejects')
