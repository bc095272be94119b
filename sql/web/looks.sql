-- what:  who looked how often at what, by day, newest first
-- grain: day x account x act
-- reads: audit.event
-- key:   on_day, by_whom, act
SELECT (happened_at AT TIME ZONE 'UTC')::date AS on_day, by_whom, act, count(*) AS times, count(DISTINCT nullif(subject, '')) AS subjects
FROM audit.event
WHERE act = ANY (CAST(:acts AS text[])) AND happened_at > now() - make_interval(days => :days)
GROUP BY 1, 2, 3
ORDER BY 1 DESC, 2, 3
