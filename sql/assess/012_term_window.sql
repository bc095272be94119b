-- What:  for each run of days between two closes of term, the last n whole terms as one window.
-- Grain: n x window.   Reads: core.half_term, rule (n of the plan's windows in terms).   Key: n, days.
CREATE TEMP TABLE term_window ON COMMIT DROP AS
WITH term AS (
    SELECT min(starts_on) AS starts_on, max(ends_on) AS ends_on
    FROM core.half_term WHERE place = '' GROUP BY school_year, term
), windowed AS (
    SELECT n.n, lag(t.starts_on, n.n - 1) OVER w AS starts_on, t.ends_on, lead(t.ends_on) OVER w AS next_on
    FROM term t, (SELECT DISTINCT window_n AS n FROM rule WHERE window_unit LIKE 'terms%') n
    WINDOW w AS (PARTITION BY n.n ORDER BY t.ends_on)
)
SELECT n, daterange(ends_on, next_on) AS days, starts_on, ends_on FROM windowed WHERE starts_on IS NOT NULL
