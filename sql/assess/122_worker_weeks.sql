-- What:  for each worker, the weeks that count on each day from the as-at day to the horizon; week i is the seven days ending at d - 7i.
--        Within one unbroken run of days in work [a, b], week i counts when a <= d - 7i - 6 and d - 7i <= b: a closed form per run.
-- Grain: household x person x day with enough weeks, and the as-at day.   Reads: worker, hh.   Key: household_id, person_id, day.
CREATE TEMP TABLE worker_weeks ON COMMIT DROP AS
WITH run AS (
    SELECT w.household_id, w.person_id, w.need, w.of_last, h.hi, lower(x) AS a,
           CASE WHEN isfinite(assess.last_day(x)) THEN assess.last_day(x) ELSE h.hi END AS b
    FROM worker w JOIN hh h USING (household_id), unnest(w.in_work) x
), counted AS (
    SELECT r.household_id, r.person_id, r.need, d::date AS day,
           sum(greatest(0, least(r.of_last - 1, floor((d::date - 6 - r.a) / 7.0)) - greatest(0, ceil((d::date - r.b) / 7.0)) + 1)) AS weeks
    FROM run r, generate_series(CAST(:as_at AS date), r.hi, interval '1 day') d
    GROUP BY r.household_id, r.person_id, r.need, d
)
SELECT * FROM counted WHERE weeks >= need OR day = :as_at
