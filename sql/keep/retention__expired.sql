-- what:  the source records that are kept past what their feed's contract says: of people in no household, so many weeks after they
--        were last spoken of; of others, so many years after their last household ended. None that evidence rests on
-- grain: source record
-- reads: core.source_record, core.fact, core.absence, landing.delivery, core.feed, identity.person_link, identity.membership,
--        assess.evidence
-- key:   source_record_id
CREATE TEMP TABLE forgotten ON COMMIT DROP AS
WITH last_word AS (
    SELECT feed, partner, max(snapshot_on) AS snapshot_on
    FROM landing.delivery WHERE status IN ('accepted', 'accepted_with_rejects') GROUP BY feed, partner
), record AS (
    SELECT s.source_record_id, s.feed, s.partner, s.person_ref, max(d.snapshot_on) AS seen_on
    FROM core.source_record s JOIN landing.delivery d USING (delivery_id)
    GROUP BY s.source_record_id, s.feed, s.partner, s.person_ref
), spoken AS (
    -- a row that the last whole snapshot still held was spoken of by it
    SELECT f.source_record_id,
           max(CASE WHEN c.mode = 'whole' AND f.known_to = 'infinity' AND a.row_key IS NULL THEN w.snapshot_on
                    ELSE greatest(d.snapshot_on, a.snapshot_on) END) AS seen_on
    FROM core.fact f
    JOIN landing.delivery d USING (delivery_id)
    JOIN core.feed c ON c.feed = f.feed
    JOIN last_word w ON w.feed = f.feed AND w.partner = f.partner
    LEFT JOIN (SELECT row_key, max(snapshot_on) AS snapshot_on FROM core.absence GROUP BY row_key) a ON a.row_key = f.row_key
    WHERE f.source_record_id IS NOT NULL
    GROUP BY f.source_record_id
), family AS (
    SELECT l.source_record_id, bool_or(m.person_id IS NOT NULL) AS has_family,
           bool_or(m.person_id IS NOT NULL AND coalesce(upper(m.valid), 'infinity') = 'infinity') AS is_open,
           max(CASE WHEN upper(m.valid) < 'infinity' THEN upper(m.valid) END) AS ended_on
    FROM identity.person_link l
    LEFT JOIN identity.membership m ON m.person_id = l.person_id AND m.known_to = 'infinity'
    WHERE l.known_to = 'infinity'
    GROUP BY l.source_record_id
)
SELECT r.source_record_id, r.feed, r.partner, r.person_ref,
       CASE WHEN f.has_family THEN 'family ended' ELSE 'in no family' END AS because
FROM record r
JOIN core.feed c USING (feed)
LEFT JOIN family f USING (source_record_id)      -- none: a person whom nobody has introduced yet
LEFT JOIN spoken s USING (source_record_id)
WHERE CASE WHEN f.has_family
           THEN NOT f.is_open AND f.ended_on + make_interval(years => c.keep_years_after_claim) < :as_at
           ELSE greatest(r.seen_on, s.seen_on) + 7 * c.keep_weeks_without_family < :as_at END
  AND NOT EXISTS (SELECT FROM core.fact x JOIN assess.evidence e ON e.kind = x.kind AND e.fact_id = x.fact_id
                  WHERE x.source_record_id = r.source_record_id)
