-- what:  note under which contract a delivery was read again, and its counts. Where they moved, its partner is owed a new receipt,
--        which says so, and what was told of the rejected rows before is told anew
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET rows_read = :rows_read, rows_loaded = :rows_loaded, rows_rejected = :rows_rejected, contract_version = :contract_version,
    code_version = :code_version, status = CASE WHEN :rows_rejected > 0 THEN 'accepted_with_rejects' ELSE 'accepted' END,
    receipt_at = CASE WHEN :is_other THEN NULL ELSE receipt_at END,
    state = CASE WHEN :is_other AND state = 'acknowledged' THEN 'accepted' ELSE state END,
    reasons = CASE WHEN NOT :is_other THEN reasons ELSE
        coalesce((SELECT jsonb_agg(r ORDER BY n) FROM jsonb_array_elements(reasons) WITH ORDINALITY AS t (r, n)
                  WHERE r ->> 'rule' NOT IN ('rows_rejected', 'read_again')), '[]') || CAST(:reasons AS jsonb) END
WHERE delivery_id = :delivery_id AND status IN ('accepted', 'accepted_with_rejects')
