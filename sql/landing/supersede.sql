-- what:  close the earlier contents of a file name that were never applied; the receipt of that name is now the new one's
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
UPDATE landing.delivery
SET state = 'rejected', status = 'rejected', decided_at = core.instant(), receipt_at = core.instant(),
    reasons = reasons || jsonb_build_array(jsonb_build_object('rule', 'superseded', 'count', 1, 'effect', 'reject', 'people', 0,
                                                              'what_to_do', CAST(:what_to_do AS text)))
WHERE feed = :feed AND partner = :partner AND file_name = :file_name AND delivery_id <> :delivery_id
  AND duplicate_of IS DISTINCT FROM :delivery_id
  AND coalesce(status, 'held') IN ('held', 'rejected') AND NOT reasons @> '[{"rule": "superseded"}]'
RETURNING delivery_id
