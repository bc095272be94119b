-- what:  the day for which the marts speak, and whether identification has seen every accepted delivery
-- grain: one row
-- reads: assess.run, identity.run, landing.delivery
-- key:   none
SELECT (SELECT as_at FROM assess.run WHERE finished_at IS NOT NULL ORDER BY run_id DESC LIMIT 1) AS as_at,
       NOT EXISTS (SELECT FROM landing.delivery d
                   WHERE d.status IN ('accepted', 'accepted_with_rejects')
                     AND d.decided_at > (SELECT coalesce(max(r.known_at), '-infinity') FROM identity.run r)) AS is_current,
       clock_timestamp() AS now
