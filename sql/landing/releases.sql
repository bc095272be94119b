-- what:  who has released a delivery since it was last held, by a guard or by a person
-- grain: person
-- reads: landing.delivery, landing.decision
-- key:   -
SELECT lower(btrim(r.by_whom)) AS who
FROM landing.decision r
JOIN landing.delivery d USING (delivery_id)
WHERE r.delivery_id = :delivery_id AND r.action = 'release'
  AND r.decided_at > greatest(coalesce(d.decided_at, '-infinity'),
                              (SELECT coalesce(max(h.decided_at), '-infinity') FROM landing.decision h
                               WHERE h.delivery_id = d.delivery_id AND h.action = 'hold'))
GROUP BY 1
