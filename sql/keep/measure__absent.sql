-- what:  a code that earlier deliveries held and this one lacks has a share of nought
-- grain: measure
-- reads: landing.delivery, landing.measure
-- key:   delivery_id, name
INSERT INTO landing.measure (delivery_id, name, severity, quantity)
SELECT DISTINCT d.delivery_id, m.name, 'info', 0
FROM landing.delivery d
CROSS JOIN LATERAL (
    SELECT e.delivery_id FROM landing.delivery e
    WHERE e.feed = d.feed AND e.partner = d.partner AND e.status IN ('accepted', 'accepted_with_rejects')
      AND e.delivery_id <> d.delivery_id AND (e.snapshot_on, e.sequence) < (d.snapshot_on, d.sequence)
    ORDER BY e.snapshot_on DESC, e.sequence DESC LIMIT :history) before
JOIN landing.measure m ON m.delivery_id = before.delivery_id AND (m.name LIKE 'code:%' OR m.name LIKE 'warned:%')
WHERE d.delivery_id = :delivery_id
ON CONFLICT DO NOTHING
