-- what:  the feed board: what has come, what is due, and what to do about it
-- grain: feed (a feed that any partner may send has one row over all of them)
-- reads: core.feed, core.half_term, core.coverage, landing.delivery, assess.run, landing.measure
-- key:   feed
-- columns:
--   feed: the feed
--   partner: who sends it
--   due_on: the next extract's day by rhythm, past holidays that the contract keeps; half-termly: the day after the half-term closes
--   last_arrived_at: when its newest file came, whatever became of it
--   state: on time, late, missing, held, waiting, rejected or never arrived
--   rows_read: of the newest file
--   rows_loaded: of the newest file
--   rows_rejected: of the newest file
--   usual_low: fewest rows that would not surprise, from the last eight accepted files, else from the contract
--   usual_high: most rows that would not surprise, likewise
--   age_days: days from the newest accepted snapshot to the board's day
--   covers_to: the last day that accepted files speak for
--   next_action: what to do now, and who
--   title: the feed in words
--   owner: who answers for it here
--   delivery_id: the newest file's delivery
--   file_name: the newest file
--   as_at: the board's day: the latest business day that a delivery or a run has seen
--   missing_after: the last day on which the feed is late and not yet missing
--   drift: whether the newest accepted file is unlike what is usual for its feed and partner
--   drift_because: in which measures, with the usual ranges; null without drift
CREATE OR REPLACE VIEW mart.feed_health_v1 AS
WITH latest AS (
    SELECT coalesce(greatest((SELECT as_at FROM assess.run ORDER BY run_id DESC LIMIT 1),
                             (SELECT max(business_on) FROM landing.delivery)), current_date) AS as_at
), sent AS (
    -- the newest file of each feed and of each partner that sends it: one put into a stranger's folder says nothing of the feed
    SELECT DISTINCT ON (d.feed, d.partner) d.*
    FROM landing.delivery d
    JOIN core.feed f ON f.feed = d.feed AND f.partner IN (d.partner, 'any')
    WHERE d.status IS DISTINCT FROM 'duplicate'
    ORDER BY d.feed, d.partner, d.snapshot_on DESC, d.sequence DESC, d.received_at DESC
), newest AS (
    -- of several partners, one that needs a person first, else the one that came last
    SELECT DISTINCT ON (s.feed) s.*
    FROM sent s
    ORDER BY s.feed, s.status IN ('held', 'rejected', 'waiting') DESC NULLS LAST, s.received_at DESC, s.partner
), last_word AS (
    -- a file that another has taken the place of says nothing of what is usual
    SELECT DISTINCT ON (d.feed, d.partner, d.snapshot_on, d.sequence) d.feed, d.partner, d.snapshot_on, d.sequence, d.covers_to, d.rows_read
    FROM landing.delivery d
    WHERE d.status IN ('accepted', 'accepted_with_rejects')
    ORDER BY d.feed, d.partner, d.snapshot_on, d.sequence, d.received_at DESC, d.delivery_id
), accepted AS (
    SELECT d.feed, d.snapshot_on, d.covers_to, d.rows_read,
           row_number() OVER (PARTITION BY d.feed ORDER BY d.snapshot_on DESC, d.sequence DESC, d.partner) AS nth
    FROM last_word d
), history AS (
    SELECT a.feed, count(*) AS files, max(a.snapshot_on) AS snapshot_on, max(a.covers_to) AS covers_to,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY a.rows_read) AS middle,
           min(a.rows_read) AS fewest, max(a.rows_read) AS most
    FROM accepted a
    WHERE a.nth <= 8
    GROUP BY a.feed
), board AS (
    SELECT f.feed, f.partner, f.title, f.owner, f.rhythm, n.received_at, n.status, n.rows_read, n.rows_loaded, n.rows_rejected,
           n.delivery_id, n.file_name, n.snapshot_on AS sent_for, n.reasons -> 0 ->> 'rule' AS waits_for,
           ARRAY(SELECT DISTINCT r ->> 'rule' FROM jsonb_array_elements(n.reasons) r WHERE r ->> 'effect' = 'hold') AS rules,
           EXISTS (SELECT FROM jsonb_array_elements(n.reasons) r WHERE r ->> 'effect' = 'hold' AND r ->> 'people' = '0') AS is_final,
           h.snapshot_on, h.files, latest.as_at,
           CASE WHEN h.files IS NULL THEN f.usual_low
                WHEN f.mode = 'whole' THEN floor(0.8 * h.middle)::bigint ELSE floor(0.8 * h.fewest)::bigint END AS usual_low,
           CASE WHEN h.files IS NULL THEN f.usual_high
                WHEN f.mode = 'whole' THEN ceil(1.2 * h.middle)::bigint ELSE ceil(1.2 * h.most)::bigint END AS usual_high,
           coalesce(f.late_after_days, 0) AS grace,
           f.due_skips,
           keep.due_day(CASE f.rhythm
               WHEN 'nightly' THEN h.snapshot_on + 1
               WHEN 'weekly' THEN h.snapshot_on + 7
               WHEN 'monthly' THEN (h.snapshot_on + interval '1 month')::date
               ELSE (SELECT min(t.ends_on) + 1 FROM core.half_term t WHERE t.place = '' AND t.ends_on > coalesce(h.covers_to, h.snapshot_on))
           END, f.due_skips) AS due_on,
           (SELECT max(upper(c.covers)) - 1 FROM core.coverage c WHERE c.feed = f.feed AND c.known_to = 'infinity') AS covers_to
    FROM core.feed f
    CROSS JOIN latest
    LEFT JOIN newest n ON n.feed = f.feed
    LEFT JOIN history h ON h.feed = f.feed
), counted AS (
    SELECT b.*, keep.due_day(b.due_on + b.grace, b.due_skips) AS missing_after FROM board b
), judged AS (
    SELECT b.*,
           CASE WHEN b.delivery_id IS NULL THEN 'never arrived'
                WHEN b.status IN ('held', 'rejected', 'waiting') THEN b.status
                WHEN b.as_at > b.missing_after THEN 'missing'
                WHEN b.as_at > b.due_on THEN 'late'
                ELSE 'on time' END AS state
    FROM counted b
)
SELECT feed,
       partner,
       due_on,
       received_at AS last_arrived_at,
       state,
       rows_read,
       rows_loaded,
       rows_rejected,
       usual_low,
       usual_high,
       as_at - snapshot_on AS age_days,
       covers_to,
       CASE state
           WHEN 'never arrived' THEN 'Ask the partner for a first file; until then the questions that it answers are not known.'
           WHEN 'held' THEN CASE
               WHEN rules = '{sequence_gap}' THEN 'An earlier file of the sequence has not been accepted: ask for it, or settle it where it is held.'
               WHEN is_final THEN 'It cannot be released: the partner has a receipt that says what to mend and must send it again.'
               ELSE 'Read the reasons, then release or reject it: tfi feed release ' || delivery_id || '.' END
           WHEN 'rejected' THEN 'The partner has a receipt with the reasons: ask for the file to be sent again.'
           WHEN 'waiting' THEN CASE
               WHEN waits_for = 'control_file_missing' THEN 'Its control file has not come: ask the partner for ' || file_name || '.ctl.json.'
               WHEN waits_for = 'future_date' THEN 'Nothing: it waits for the day in its name, ' || to_char(sent_for, 'FMDD FMMonth YYYY') || '.'
               ELSE 'It waits: see why with tfi feed show ' || delivery_id || '.' END
           WHEN 'missing' THEN 'Ring the partner: the file was due on ' || to_char(due_on, 'FMDD FMMonth YYYY') || '.'
           WHEN 'late' THEN 'Wait for the reminder to be answered; it is missing after ' || to_char(missing_after, 'FMDD FMMonth YYYY') || '.'
           ELSE CASE WHEN rows_rejected > 0 THEN 'Nothing now; the partner has the rejected lines in its receipt.'
                     ELSE 'Nothing.' END
       END AS next_action,
       title,
       owner,
       delivery_id,
       file_name,
       as_at,
       missing_after,
       d.measures IS NOT NULL AS drift,
       d.measures AS drift_because
FROM judged
LEFT JOIN LATERAL (
    SELECT string_agg(mart.measure_in_words(m.name, m.quantity, m.usual_low, m.usual_high), '; ' ORDER BY m.name) AS measures
    FROM (SELECT DISTINCT ON (a.partner) a.delivery_id FROM landing.delivery a
          WHERE a.feed = judged.feed AND a.status IN ('accepted', 'accepted_with_rejects')
          ORDER BY a.partner, a.snapshot_on DESC, a.sequence DESC, a.received_at DESC) last_word
    JOIN landing.measure m ON m.delivery_id = last_word.delivery_id AND m.is_drift) d ON true
