-- What:  on the day itself, the criteria whose feeds did not cover their window. (A gap on a day before it is not looked for.)
-- Grain: criterion x household.   Reads: coverage, feed, question, hh.   Key: none.
INSERT INTO doubt
SELECT q.problem, q.criterion, h.household_id, t.feed, getvariable('d'), getvariable('d') + 1
FROM question q, unnest(string_split(q.told_by, ' ')) t(feed) JOIN feed f ON f.feed = t.feed, hh h
WHERE q.criterion NOT IN ('persistent_absence', 'attends') AND NOT EXISTS (SELECT 1 FROM coverage c WHERE c.feed = t.feed AND c.place IS NULL
                  AND c.covers_from <= coalesce(q.window_from, CASE WHEN q.is_of_schools THEN (SELECT from_on FROM term_window WHERE getvariable('d') >= asked_from AND getvariable('d') < asked_to) END, getvariable('d'))
                  AND c.covers_to > getvariable('d') - f.stale_days);
