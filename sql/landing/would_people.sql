-- what:  what applying a delivery in this transaction has done to the people of its feed: who is new, whose particulars
--        changed, who had an open spell in the feed and has none any more, and who has one that the delivery lacks for the
--        first time (a second absence ends it)
-- grain: one row
-- reads: core.source_record, core.fact, core.kind, core.absence
-- key:   none
WITH people AS (
    SELECT s.source_record_id, min(s.known_from) > :since AS is_new, max(s.known_from) > :since AS is_moved
    FROM core.source_record s
    WHERE s.feed = :feed AND s.partner = :partner
    GROUP BY s.source_record_id
), open_spell AS (
    -- before: stood at :since and was not ended; now: stands and is not ended
    SELECT f.source_record_id,
           bool_or(f.known_from <= :since AND f.known_to > :since) AS was_open,
           bool_or(f.known_to = 'infinity') AS is_open,
           bool_and(a.row_key IS NOT NULL) FILTER (WHERE f.known_to = 'infinity') AS is_absent
    FROM core.fact f
    JOIN core.kind k ON k.kind = f.kind AND k.shape = 'spell'
    LEFT JOIN core.absence a ON a.row_key = f.row_key AND a.delivery_id = :delivery_id
    WHERE f.feed = :feed AND f.partner = :partner AND f.ends_on IS NULL AND f.source_record_id IS NOT NULL
      AND (f.known_to = 'infinity' OR f.known_to > :since)
    GROUP BY f.source_record_id
)
SELECT (SELECT count(*) FROM people WHERE is_new) AS people_added,
       (SELECT count(*) FROM people WHERE is_moved AND NOT is_new) AS people_changed,
       (SELECT count(*) FROM open_spell WHERE was_open AND NOT is_open) AS people_ended,
       (SELECT count(*) FROM open_spell WHERE is_open AND is_absent) AS people_absent
