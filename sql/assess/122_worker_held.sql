-- What:  the days, from the as-at day to the end of the span, on which a worker has enough weeks: where all must count, one run of days in
--        work must hold them; where some may fail, a sweep counts them: week i ends on d - 7i, so a run in work whose weeks end
--        on [a, b] lends its i-th week to the days [a + 7i, b + 7i].
-- Grain: household x person.   Reads: worker, hh.   Key: household_id, person_id.
CREATE TEMP TABLE worker_held ON COMMIT DROP AS
WITH week AS (
    SELECT w.household_id, w.person_id, w.need, upper(h.span) - 1 AS hi, lower(x) + 6 + 7 * i AS first_on,
           CASE WHEN upper_inf(x) THEN 'infinity'::date ELSE upper(x) + 7 * i END AS until_on
    FROM worker w JOIN hh h USING (household_id), unnest(w.surely_in_work) x, generate_series(0, w.of_last - 1) i
    WHERE w.benefit_ids IS NOT NULL AND w.need < w.of_last AND (upper_inf(x) OR upper(x) - lower(x) > 6)
), edge AS (
    SELECT household_id, person_id, need, hi, day, sum(step) AS step
    FROM week, LATERAL (VALUES (greatest(first_on, CAST(:as_at AS date)), 1), (greatest(until_on, CAST(:as_at AS date)), -1)) v(day, step)
    GROUP BY household_id, person_id, need, hi, day
), level AS (
    SELECT *, sum(step) OVER w AS weeks, lead(day) OVER w AS next_day FROM edge
    WINDOW w AS (PARTITION BY household_id, person_id ORDER BY day)
)
SELECT household_id, person_id, range_agg(days) AS days
FROM (SELECT w.household_id, w.person_id, assess.days(lower(x) + 7 * w.need - 1, assess.last_day(x)) AS days
      FROM worker w, unnest(w.surely_in_work) x WHERE w.benefit_ids IS NOT NULL AND w.need = w.of_last
      UNION ALL
      SELECT household_id, person_id, daterange(day, nullif(next_day, 'infinity'))
      FROM level WHERE weeks >= need AND day < next_day AND day <= hi) x
GROUP BY household_id, person_id
