-- what:  the first places where the chain of audit events does not hold: a digest that is not the event's, a digest before that is not
--        the one before, a number left out
-- grain: event
-- reads: audit.event
-- key:   event_id
SELECT event_id,
       CASE WHEN hash <> again THEN 'its content is not what was written'
            WHEN hash_before <> coalesce(lag_hash, '') THEN 'the event before it is not the one that it follows'
            ELSE 'an event before it is gone' END AS fault
FROM (SELECT e.event_id, e.hash, e.hash_before, audit.event_hash(e) AS again, lag(e.hash) OVER w AS lag_hash,
             coalesce(lag(e.event_id) OVER w, 0) AS lag_id
      FROM audit.event e
      WINDOW w AS (ORDER BY e.event_id)) c
WHERE hash <> again OR hash_before <> coalesce(lag_hash, '') OR event_id <> lag_id + 1
ORDER BY event_id
LIMIT 5
