-- What:  the days d on which each day of something that happened lies in a window: worked out once a day, not once a fact.
-- Grain: window x day.   Reads: asked, term_window.   Key: window_no, day.
CREATE TEMP TABLE window_day ON COMMIT DROP AS
WITH leaving AS MATERIALIZED (
    -- the first day on which each day has left a window that runs from the start of whole terms
    SELECT n, daterange(lag(starts_on) OVER (PARTITION BY n ORDER BY starts_on), starts_on) AS days, lower(days) AS leaves_on FROM term_window
)
SELECT a.window_no, d::date AS day,
       daterange(d::date, CASE WHEN a.window_unit = 'terms to day' THEN (SELECT l.leaves_on FROM leaving l WHERE l.n = a.window_n AND l.days @> d::date)
                               ELSE assess.leaves(d::date, a.window_n, a.window_unit) END) AS days
FROM (SELECT DISTINCT window_no, window_n, window_unit FROM asked WHERE shape = 'event' AND who <> 'family' AND ask IN ('seen', 'total', 'clear', 'fewer')) a,
     generate_series(CAST(:floor AS date), CAST(:as_at AS date), interval '1 day') d
