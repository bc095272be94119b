-- What:  which half-term each calendar day belongs to; a holiday's days belong to the half-term before them.
-- Grain: place ('' is the council's calendar) x day.   Reads: core.half_term.   Key: place, day.
CREATE TEMP TABLE half_term_day ON COMMIT DROP AS
SELECT h.place, d::date AS day, h.starts_on, h.ends_on AS last_day
FROM (SELECT *, coalesce(lead(starts_on) OVER (PARTITION BY place ORDER BY starts_on), ends_on + 60) AS next_on
      FROM core.half_term) h,
     generate_series(h.starts_on, h.next_on - 1, interval '1 day') d
