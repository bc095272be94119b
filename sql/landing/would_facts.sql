-- what:  how many facts of a feed applying a delivery in this transaction has begun, changed, and left with an end or withdrawn
-- grain: one row
-- reads: core.fact
-- key:   none
WITH moved AS (
    SELECT f.row_key, f.kind, f.part,
           bool_or(f.known_from <= :since) AS was, bool_or(f.known_to = 'infinity') AS stands,
           bool_or(f.known_to = 'infinity' AND f.ended_by = 'absence') AS ended
    FROM core.fact f
    WHERE f.feed = :feed AND f.partner = :partner
      AND (f.known_from > :since OR f.known_to > :since AND f.known_to < 'infinity')
    GROUP BY f.row_key, f.kind, f.part
)
SELECT count(*) FILTER (WHERE stands AND NOT was) AS facts_added,
       count(*) FILTER (WHERE stands AND was AND NOT ended) AS facts_changed,
       count(*) FILTER (WHERE stands AND was AND ended) AS facts_ended_by_absence,
       count(*) FILTER (WHERE was AND NOT stands) AS facts_withdrawn
FROM moved
