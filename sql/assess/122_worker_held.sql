-- What:  the days, from the as-at day to the horizon, on which a worker has enough weeks: where all must count, one run of days in
--        work must hold them; where some may fail, they are counted day by day.
-- Grain: household x person.   Reads: worker, hh.   Key: household_id, person_id.
CREATE TEMP TABLE worker_held ON COMMIT DROP AS
SELECT household_id, person_id, range_agg(days) AS days
FROM (SELECT w.household_id, w.person_id, assess.days(lower(x) + 7 * w.need - 1, assess.last_day(x)) AS days
      FROM worker w, unnest(w.surely_in_work) x WHERE w.benefit_ids IS NOT NULL AND w.need = w.of_last
      UNION ALL
      SELECT w.household_id, w.person_id, daterange(d::date, d::date, '[]')
      FROM worker w JOIN hh h USING (household_id), generate_series(CAST(:as_at AS date), h.hi, interval '1 day') d
      WHERE w.benefit_ids IS NOT NULL AND w.need < w.of_last AND w.surely_in_work <> '{}'
        AND assess.weeks_in(w.surely_in_work, d::date, w.of_last) >= w.need) x
GROUP BY household_id, person_id
