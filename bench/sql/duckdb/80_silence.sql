-- What:  where nothing was found: the criteria whose feeds did not cover their window, and the children of school age whose
--        schools did not speak, or who had no roll or no possible sessions.
-- Grain: criterion; criterion x household.   Reads: coverage, feed, question, subject, rate, fact.   Key: none.
CREATE TABLE silent AS
SELECT DISTINCT q.side, q.problem, q.criterion
FROM question q, unnest(string_split(q.told_by, ' ')) t(feed) JOIN feed f ON f.feed = t.feed
WHERE q.criterion NOT IN ('persistent_absence', 'attends') AND NOT EXISTS (SELECT 1 FROM coverage c WHERE c.feed = t.feed AND c.place IS NULL
                  AND c.covers_from <= coalesce(q.window_from, CASE WHEN q.is_of_schools THEN (SELECT min(from_on) FROM half_term_window) END, getvariable('d'))
                  AND c.covers_to > getvariable('d') - f.stale_days);
CREATE TABLE doubt AS
WITH enrolled AS (
    SELECT s.household_id, s.person_id,
           bool_or(EXISTS (SELECT 1 FROM half_term_window h WHERE h.ends_on BETWEEN h.from_on AND h.to_on
                           AND h.starts_on < coalesce(f.ends_on, DATE '9999-12-31') AND h.ends_on >= f.starts_on
                           AND NOT EXISTS (SELECT 1 FROM coverage c WHERE c.feed = 'schools_attendance' AND c.place = f.place
                                           AND c.covers_from <= h.ends_on AND c.covers_to > h.starts_on))) AS has_gap
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'enrolment' AND f.starts_on <= getvariable('d') AND coalesce(f.ends_on > (SELECT min(from_on) FROM half_term_window), true)
    GROUP BY s.household_id, s.person_id
), child AS (
    SELECT s.household_id, s.person_id, r.possible IS NULL AS no_rate, e.person_id IS NULL AS no_roll, coalesce(e.has_gap, false) AS has_gap
    FROM subject s LEFT JOIN rate r USING (household_id, person_id) LEFT JOIN enrolled e USING (household_id, person_id)
    WHERE s.is_member AND s.school_on <= getvariable('d') AND s.left_school_on > getvariable('d')
)
SELECT DISTINCT q.side, q.problem, q.criterion, c.household_id
FROM child c JOIN question q ON q.is_of_schools AND CASE WHEN q.criterion IN ('persistent_absence', 'attends') THEN no_rate ELSE no_roll OR has_gap END;
