-- What:  children of school age of whom their schools said nothing: no possible sessions in a window, or on no roll in it.
-- Grain: criterion x household x window.   Reads: subject, term_window, rate, fact, excluded, half_term_day.   Key: none.
INSERT INTO doubt
WITH pupil AS (
    -- the windows that a child meets while of school age
    SELECT DISTINCT s.household_id, s.person_id, s.joined_on, s.left_on, s.born_on, s.adult_on, w.*,
           greatest(w.asked_from, s.school_on) AS days_from, least(w.asked_to, s.left_school_on) AS days_to
    FROM subject s JOIN term_window w ON w.asked_to > s.since AND w.asked_from < s.till AND w.asked_to > s.school_on AND w.asked_from < s.left_school_on
), roll AS (
    SELECT s.household_id, s.person_id, f.starts_on AS enrolled_on, coalesce(f.ends_on, DATE '9999-12-31') AS off_on
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind = 'enrolment' AND f.starts_on <= getvariable('d') AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
), enrolled AS (
    SELECT DISTINCT p.household_id, p.person_id, p.window_no FROM pupil p JOIN roll r USING (household_id, person_id)
    WHERE r.enrolled_on <= greatest(p.to_on, least(p.asked_to - 1, getvariable('d'))) AND r.off_on > p.from_on
), quiet AS (
    SELECT p.*, r.household_id IS NULL AS no_rate, e.household_id IS NULL AS no_roll
    FROM pupil p LEFT JOIN enrolled e USING (household_id, person_id, window_no) LEFT JOIN rate r USING (household_id, person_id, window_no)
    WHERE r.household_id IS NULL OR e.household_id IS NULL
), looked AS (
    -- looked at on the days of membership, or throughout where the child was a member on the last day of some half-term of the window
    SELECT q.*, greatest(days_from, joined_on) AS own_from, least(days_to, left_on) AS own_to,
           EXISTS (FROM half_term_day h WHERE h.on_day = h.last_on AND h.on_day BETWEEN q.from_on AND q.to_on AND h.on_day >= greatest(q.joined_on, q.born_on)
                   AND h.on_day < least(q.left_on, q.adult_on)) AS was_member,
           greatest(joined_on, born_on) < least(left_on, adult_on, asked_from) AND least(left_on, adult_on) > from_on AS was_child
    FROM quiet q
), tested AS (
    SELECT l.*, t.criterion, t.is_rate, CASE WHEN t.improved OR NOT (was_member OR NOT t.is_rate AND was_child) THEN own_from ELSE days_from END AS doubt_from,
           CASE WHEN t.improved OR NOT (was_member OR NOT t.is_rate AND was_child) THEN own_to ELSE days_to END AS doubt_to
    FROM looked l JOIN (VALUES ('persistent_absence', true, false), ('attends', true, true), ('fixed_exclusions', false, false), ('exclusion_days', false, false),
        ('permanent_exclusion', false, false), ('few_suspensions', false, true), ('not_excluded', false, true)) t(criterion, is_rate, improved)
         ON CASE WHEN t.is_rate THEN l.no_rate ELSE l.no_roll END
), said AS (
    -- what is found decides
    SELECT c.criterion, c.household_id, c.person_id, c.from_on, c.to_on FROM counting c WHERE c.problem = 'education'
), open_days AS (
    SELECT t.*, min(s.from_on) AS said_on
    FROM tested t LEFT JOIN said s ON s.household_id = t.household_id AND s.person_id = t.person_id AND s.criterion = t.criterion AND s.from_on >= t.from_on AND s.from_on < t.asked_to
    GROUP BY ALL
)
SELECT 'education', criterion, household_id, CASE WHEN no_roll THEN 'schools_pupils' WHEN is_rate THEN 'schools_attendance' ELSE 'schools_exclusions' END, doubt_from, least(doubt_to, said_on)
FROM open_days WHERE doubt_from < least(doubt_to, said_on);
