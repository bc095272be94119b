-- what:  what is to be delivered now, oldest first: undecided files, held ones released by enough different people since the
--        last hold, and held ones that only waited: for an earlier file of their sequence, or for something that we lack
--        (the rules :again)
-- grain: delivery
-- reads: landing.delivery, landing.decision
-- key:   delivery_id
WITH releases AS (
    SELECT r.delivery_id, count(DISTINCT lower(btrim(r.by_whom))) AS people
    FROM landing.decision r
    JOIN landing.delivery d USING (delivery_id)
    WHERE r.action = 'release'
      AND r.decided_at > greatest(coalesce(d.decided_at, '-infinity'),
                                  (SELECT coalesce(max(h.decided_at), '-infinity') FROM landing.decision h
                                   WHERE h.delivery_id = r.delivery_id AND h.action = 'hold'))
    GROUP BY r.delivery_id
), held AS (
    SELECT d.delivery_id,
           max((r.reason ->> 'people')::int) AS people_needed,
           bool_or((r.reason ->> 'people')::int = 0) AS is_final,
           bool_and(r.reason ->> 'rule' = 'sequence_gap' OR r.reason ->> 'rule' = ANY(:again)) AS is_gap_only
    FROM landing.delivery d
    CROSS JOIN LATERAL jsonb_array_elements(d.reasons) AS r(reason)
    WHERE d.status = 'held' AND r.reason ->> 'effect' = 'hold'
    GROUP BY d.delivery_id
)
SELECT d.delivery_id, d.feed, d.partner, d.sequence, d.status, d.mode, coalesce(h.is_gap_only, false) AS is_gap_only,
       coalesce(r.people >= h.people_needed AND NOT h.is_final, false) AS is_released
FROM landing.delivery d
LEFT JOIN held h USING (delivery_id)
LEFT JOIN releases r USING (delivery_id)
WHERE d.partner = :partner AND d.feed = ANY(:feeds) AND d.snapshot_on <= :as_at
  AND ((d.status IS NULL AND d.state <> 'seen')
       OR d.status = 'held' AND (h.is_gap_only OR (r.people >= h.people_needed AND NOT h.is_final)))
ORDER BY d.snapshot_on, d.sequence, d.received_at, d.delivery_id
