-- what:  the files decided on a business day, and those of earlier days that still wait for somebody
-- grain: delivery
-- reads: landing.delivery, landing.decision
-- key:   delivery_id
SELECT d.delivery_id, d.feed, d.partner, d.file_name, d.status, d.rows_read, d.rows_loaded, d.rows_rejected, d.reasons,
       d.business_on IS DISTINCT FROM :as_at AS is_older
FROM landing.delivery d
WHERE d.business_on = :as_at
   OR (d.business_on < :as_at AND d.status IN ('held', 'waiting')
       AND NOT EXISTS (SELECT FROM landing.decision c WHERE c.delivery_id = d.delivery_id AND c.action = 'reject'))
ORDER BY d.feed, d.partner, d.snapshot_on, d.sequence
