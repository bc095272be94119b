-- what:  what is wrong on a day: feeds, files, accounts, runs and checks that somebody has to see to
-- grain: kind and subject
-- reads: mart.feed_health_v1, landing.delivery, landing.account, assess.run, keep.dag_run, mart.feed_quality_v1, told_kind
-- key:   kind, subject
CREATE TEMP TABLE standing ON COMMIT DROP AS
WITH board AS (
    SELECT b.*, greatest(:as_at, b.as_at) AS on_day, coalesce(f.late_after_days, 0) AS grace, f.rhythm
    FROM mart.feed_health_v1 b JOIN core.feed f USING (feed)
), today AS (
    SELECT coalesce((SELECT max(on_day) FROM board), CAST(:as_at AS date)) AS on_day
), first_night AS (
    SELECT min(business_on) AS on_day FROM landing.delivery
), owed AS (
    -- a feed that never came is counted from the platform's first night; one whose newest file is held or refused did come
    SELECT b.feed, b.partner, b.owner, b.on_day, b.state = 'never arrived' AS is_new,
           coalesce(b.due_on, (first_night.on_day + CASE b.rhythm WHEN 'nightly' THEN interval '1 day' WHEN 'weekly' THEN interval '7 days'
                                                    WHEN 'monthly' THEN interval '1 month' ELSE interval '3 months' END)::date) AS due_on,
           coalesce(b.missing_after,
                    (first_night.on_day + CASE b.rhythm WHEN 'nightly' THEN interval '1 day' WHEN 'weekly' THEN interval '7 days'
                                          WHEN 'monthly' THEN interval '1 month' ELSE interval '3 months' END)::date + b.grace) AS missing_after
    FROM board b CROSS JOIN first_night
    WHERE b.state NOT IN ('held', 'rejected', 'waiting')
), last_run AS (
    SELECT run_id, as_at, without, counts FROM assess.run WHERE finished_at IS NOT NULL ORDER BY run_id DESC LIMIT 1
), refused AS (
    -- the last word on a name and its sequence, unless something was accepted in its place or after it
    SELECT DISTINCT ON (d.feed, d.partner, d.snapshot_on, d.sequence) d.*
    FROM landing.delivery d
    WHERE d.status IN ('held', 'rejected')
      AND NOT EXISTS (SELECT FROM landing.delivery n
                      WHERE n.feed = d.feed AND n.partner = d.partner AND n.status IN ('accepted', 'accepted_with_rejects')
                        AND (n.snapshot_on, n.sequence) >= (d.snapshot_on, d.sequence))
    ORDER BY d.feed, d.partner, d.snapshot_on, d.sequence, d.received_at DESC, d.delivery_id
), found AS (
    SELECT 'overdue' AS kind, o.feed AS subject, CASE WHEN o.on_day > o.missing_after THEN 2 ELSE 1 END AS level,
           o.feed, o.partner, CAST(NULL AS bigint) AS delivery_id, o.owner, o.due_on AS since_on,
           o.feed || CASE WHEN o.is_new THEN ' has never arrived' WHEN o.on_day > o.missing_after THEN ' is missing' ELSE ' is late' END
           || ': it was due on ' || to_char(o.due_on, 'FMDD FMMonth YYYY') || '.' AS says,
           CASE WHEN o.on_day > o.missing_after THEN 'Ring the partner.'
                ELSE 'Remind the partner; it is missing after ' || to_char(o.missing_after, 'FMDD FMMonth YYYY') || '.' END AS what_to_do
    FROM owed o
    WHERE o.on_day > o.due_on AND (NOT o.is_new OR o.on_day > o.missing_after)
    UNION ALL
    SELECT r.status, r.delivery_id::text, 1, r.feed, r.partner, r.delivery_id, f.owner, coalesce(r.business_on, r.received_at::date),
           'A file of ' || r.feed || ' from ' || r.partner || ' is ' || r.status || ' (' ||
           coalesce((SELECT string_agg(DISTINCT e ->> 'rule', ', ') FROM jsonb_array_elements(r.reasons) e
                     WHERE e ->> 'effect' IS DISTINCT FROM 'warn'), 'no rule named') || ').',
           CASE r.status WHEN 'held' THEN 'See tfi feed preview ' || r.delivery_id || ', then release or reject it.'
                         ELSE 'The partner has a receipt with the reasons; see that it is sent again.' END
    FROM refused r LEFT JOIN core.feed f USING (feed)
    UNION ALL
    SELECT 'account', a.partner, 1, NULL, a.partner, NULL, NULL, coalesce(a.fault_since::date, today.on_day),
           'The account of ' || a.partner || ' cannot be read (' || a.fault || ').',
           'Run tfi doctor; ask the partner whether its server, our account or its host key changed.'
    FROM landing.account a CROSS JOIN today
    WHERE a.fault IS NOT NULL
    UNION ALL
    SELECT 'without', w.feed, 1, w.feed, b.partner, NULL, b.owner, r.as_at,
           'The refresh of ' || to_char(r.as_at, 'FMDD FMMonth YYYY') || ' went without ' || w.feed || '.',
           'See the run of feed_' || w.feed || ' in Airflow.'
    FROM last_run r CROSS JOIN LATERAL jsonb_array_elements_text(r.without) AS w (feed) JOIN board b ON b.feed = w.feed
    WHERE b.state = 'on time'
    UNION ALL
    SELECT 'refresh', 'refresh', 1, NULL, NULL, NULL, NULL, r.as_at + :refresh_after_days,
           'Nothing was refreshed since ' || to_char(r.as_at, 'FMDD FMMonth YYYY') || '.',
           'See the run refresh in Airflow.'
    FROM last_run r CROSS JOIN today
    WHERE today.on_day > r.as_at + :refresh_after_days
    UNION ALL
    SELECT 'run', d.dag_id, 1, NULL, NULL, NULL, NULL, coalesce(d.as_at, d.ended_at::date),
           'The last run of ' || d.dag_id || ' failed.', 'Read the failed task''s log in Airflow, mend it, run it again.'
    FROM keep.dag_run d
    WHERE d.state = 'failed'
    UNION ALL
    SELECT 'mart_check', c.name, 1, NULL, NULL, NULL, NULL, r.as_at,
           'The mart check "' || c.name || '" is broken since the refresh of ' || to_char(r.as_at, 'FMDD FMMonth YYYY') || '.',
           'See docs/runbooks/a-mart-check-is-broken.md.'
    FROM last_run r CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(r.counts -> 'broken', '[]')) AS c (name)
    UNION ALL
    SELECT 'drift', q.delivery_id::text, 1, q.feed, q.partner, q.delivery_id, f.owner, q.snapshot_on,
           'The newest file of ' || q.feed || ' from ' || q.partner || ' is unlike what is usual: '
           || string_agg(q.says, '; ' ORDER BY q.measure) || '.',
           'Ask the partner whether something changed there.'
    FROM mart.feed_quality_v1 q LEFT JOIN core.feed f USING (feed)
    WHERE q.is_drift AND q.is_newest
    GROUP BY q.delivery_id, q.feed, q.partner, f.owner, q.snapshot_on
)
SELECT f.*, k.severity, k.remind_after_days, today.on_day
FROM found f JOIN told_kind k USING (kind) CROSS JOIN today
