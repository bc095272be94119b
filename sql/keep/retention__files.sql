-- what:  decided deliveries whose landed file nothing rests on any more, past the contract's weeks; never a feed's newest
-- grain: delivery
-- reads: landing.delivery, core.feed, core.fact, core.source_record, core.absence, forgotten
-- key:   delivery_id
SELECT d.delivery_id, d.feed, d.partner, d.file_name
FROM landing.delivery d
JOIN core.feed c USING (feed)
WHERE d.landed_path IS NOT NULL AND d.removed_on IS NULL
  AND d.status IN ('accepted', 'accepted_with_rejects', 'duplicate', 'rejected')
  AND coalesce(d.business_on, d.snapshot_on) + 7 * c.keep_weeks_without_family < :as_at
  AND (d.status IN ('duplicate', 'rejected')
       OR EXISTS (SELECT FROM landing.delivery n
                  WHERE n.feed = d.feed AND n.partner = d.partner AND n.status IN ('accepted', 'accepted_with_rejects')
                    AND (n.snapshot_on, n.sequence) > (d.snapshot_on, d.sequence))
          AND NOT EXISTS (SELECT FROM core.fact f WHERE f.delivery_id = d.delivery_id
                          AND NOT EXISTS (SELECT FROM forgotten x WHERE x.source_record_id = f.source_record_id))
          AND NOT EXISTS (SELECT FROM core.source_record s WHERE s.delivery_id = d.delivery_id
                          AND s.source_record_id NOT IN (SELECT x.source_record_id FROM forgotten x))
          AND NOT EXISTS (SELECT FROM core.absence a WHERE a.delivery_id = d.delivery_id))
ORDER BY d.feed, d.partner, d.snapshot_on, d.sequence
