-- What:  the days, from the as-at day to the horizon, on which a worker has enough weeks: where all must count, one run must hold
--        them; where some may fail, the runs are summed day by day.
-- Grain: household x person.   Reads: worker_run.   Key: household_id, person_id.
CREATE TEMP TABLE worker_held ON COMMIT DROP AS
SELECT household_id, person_id, range_agg(days) AS days
FROM (SELECT household_id, person_id, assess.days(a + 7 * need - 1, b) AS days FROM worker_run WHERE need = of_last
      UNION ALL
      SELECT household_id, person_id, daterange(d::date, d::date, '[]')
      FROM worker_run r, generate_series(CAST(:as_at AS date), r.hi, interval '1 day') d
      WHERE need < of_last
      GROUP BY household_id, person_id, need, d
      HAVING sum(greatest(0, least(r.of_last - 1, floor((d::date - 6 - r.a) / 7.0)) - greatest(0, ceil((d::date - r.b) / 7.0)) + 1)) >= need) x
GROUP BY household_id, person_id
