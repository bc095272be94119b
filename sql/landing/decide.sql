-- what:  record what was decided about a delivery
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET state = :state, status = :status, reasons = CAST(:reasons AS jsonb), rows_read = :rows_read, rows_loaded = :rows_loaded,
    rows_rejected = :rows_rejected, business_on = :business_on, decided_at = core.instant(), receipt_at = NULL,
    contract_version = :contract_version, code_version = :code_version, duplicate_of = :duplicate_of
WHERE delivery_id = :delivery_id
