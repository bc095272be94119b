-- what:  who looked how often at what, by day, newest first
-- grain: day x account x act
-- reads: audit.event, identity.review_look
-- key:   on_day, by_whom, act
WITH looks AS (
    SELECT happened_at, by_whom, act, nullif(subject, '') AS subject FROM audit.event WHERE act = ANY (CAST(:acts AS text[]))
    UNION ALL
    SELECT looked_at, by_whom, 'look at a pair', source_record_a || ':' || source_record_b FROM identity.review_look
)
SELECT (happened_at AT TIME ZONE 'UTC')::date AS on_day, by_whom, act, count(*) AS times, count(DISTINCT subject) AS subjects
FROM looks
WHERE happened_at > now() - make_interval(days => :days)
GROUP BY 1, 2, 3
ORDER BY 1 DESC, 2, 3
