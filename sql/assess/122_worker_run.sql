-- What:  each worker's unbroken runs of days in work, first and last day, with the weeks of it that count on the as-at day.
--        In a run [a, b], week i (the seven days ending at d - 7i) counts when a <= d - 7i - 6 and d - 7i <= b: a closed form.
-- Grain: household x person x run.   Reads: worker, hh.   Key: household_id, person_id, a.
CREATE TEMP TABLE worker_run ON COMMIT DROP AS
SELECT r.*, greatest(0, least(of_last - 1, floor((CAST(:as_at AS date) - 6 - a) / 7.0)) - greatest(0, ceil((CAST(:as_at AS date) - b) / 7.0)) + 1) AS weeks
FROM (SELECT w.household_id, w.person_id, w.need, w.of_last, h.hi, lower(x) AS a,
             CASE WHEN isfinite(assess.last_day(x)) THEN assess.last_day(x) ELSE h.hi END AS b
      FROM worker w JOIN hh h USING (household_id), unnest(w.in_work) x) r
