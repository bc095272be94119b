-- what:  record the fetched file of a delivery that has not been decided, or is taken up again
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET state = 'fetched', status = NULL, reasons = '[]', receipt_at = NULL, decided_at = NULL,
    rows_read = NULL, rows_loaded = NULL, rows_rejected = NULL,
    sha256 = :sha256, bytes = :bytes, landed_path = :landed_path, control = CAST(:control AS jsonb),
    covers_from = :covers_from, covers_to = :covers_to, business_on = :business_on
WHERE delivery_id = :delivery_id
