-- what:  what was measured of each delivery, and what was usual when it came: volumes, blanks, codes, identifiers, overlap, the suite
-- grain: delivery x measure
-- reads: landing.measure, landing.delivery
-- key:   delivery_id, measure
-- columns:
--   feed: the feed
--   partner: who sent it
--   delivery_id: the delivery
--   file_name: its file
--   snapshot_on: the day it speaks for
--   status: what became of it
--   measure: rows, rejected, null:<column>, code:<column>:<code>, warned:<rule>:<column>, overlap:<what>, or an expectation
--   quantity: the figure; a share from 0 to 1, rows as a count, an expectation as per cent of rows that failed
--   usual: the median of the accepted deliveries before it; null while too few
--   usual_low: the lower end of what is usual
--   usual_high: the upper end
--   is_drift: whether the figure lies outside
--   success: whether an expectation held; null for a plain measure
--   severity: info, warning or critical
--   says: the figure and the usual range in words; null where nothing is usual yet
--   is_newest: whether the delivery is the newest accepted one of its feed and partner
CREATE OR REPLACE VIEW mart.feed_quality_v1 AS
WITH newest AS (
    SELECT DISTINCT ON (feed, partner) delivery_id
    FROM landing.delivery
    WHERE status IN ('accepted', 'accepted_with_rejects')
    ORDER BY feed, partner, snapshot_on DESC, sequence DESC, received_at DESC
)
SELECT d.feed, d.partner, d.delivery_id, d.file_name, d.snapshot_on, d.status, m.name AS measure, m.quantity, m.usual,
       m.usual_low, m.usual_high, m.is_drift, m.success, m.severity,
       mart.measure_in_words(m.name, m.quantity, m.usual_low, m.usual_high) AS says,
       n.delivery_id IS NOT NULL AS is_newest
FROM landing.measure m
JOIN landing.delivery d USING (delivery_id)
LEFT JOIN newest n USING (delivery_id)
