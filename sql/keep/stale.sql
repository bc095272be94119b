-- what:  accepted and held deliveries that were read under another version of their feed's contract than the one in force
-- grain: delivery
-- reads: landing.delivery
-- key:   delivery_id
SELECT d.delivery_id, d.feed, d.partner, d.file_name, d.snapshot_on, d.sequence, d.status, d.sha256, d.contract_version,
       d.rows_read, d.rows_loaded, d.rows_rejected
FROM landing.delivery d
JOIN jsonb_to_recordset(CAST(:versions AS jsonb)) AS v (feed text, version text) ON v.feed = d.feed
WHERE d.contract_version <> v.version AND d.status IN ('accepted', 'accepted_with_rejects', 'held')
ORDER BY d.feed, d.partner, d.snapshot_on, d.sequence, d.received_at, d.delivery_id
