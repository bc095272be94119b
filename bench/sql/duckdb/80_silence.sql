-- What:  on the day itself, the criteria whose feeds did not cover their window. (A gap on a day before it is not looked for.)
-- Grain: criterion x household.   Reads: coverage, feed, question, term_window, hh.   Key: none.
INSERT INTO doubt
WITH asked AS (
    SELECT q.problem, q.criterion, unnest(string_split(q.told_by, ' ')) AS feed, coalesce(q.window_from, CASE WHEN q.is_of_schools THEN w.from_on END, getvariable('d')) AS from_on
    FROM question q JOIN term_window w ON getvariable('d') >= w.asked_from AND getvariable('d') < w.asked_to
    WHERE q.criterion NOT IN ('persistent_absence', 'attends')
), silent AS MATERIALIZED (
    SELECT a.problem, a.criterion, a.feed FROM asked a JOIN feed f USING (feed)
    LEFT JOIN coverage c ON c.feed = a.feed AND c.place IS NULL AND c.covers_from <= a.from_on AND c.covers_to > getvariable('d') - f.stale_days
    WHERE c.feed IS NULL
)
SELECT s.problem, s.criterion, h.household_id, s.feed, getvariable('d'), getvariable('d') + 1 FROM silent s, hh h;
