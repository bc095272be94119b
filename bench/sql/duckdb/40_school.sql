-- What:  the windows of three whole terms; attendance summed over each; suspensions and exclusions in each, the running term included;
--        children of school age with no sessions or no roll.
-- Grain: person x household x window; criterion x household x fact.   Reads: half_term, fact, subject, hh.   Key: none.
CREATE TEMP TABLE half_term_day AS
WITH h AS (SELECT *, dense_rank() OVER (ORDER BY school_year, array_position(['autumn', 'spring', 'summer'], term)) AS term_no, coalesce(lead(starts_on) OVER (ORDER BY starts_on), ends_on + 60) AS next_on FROM half_term WHERE place = '')
SELECT unnest(generate_series(starts_on, next_on - 1, INTERVAL 1 DAY))::DATE AS on_day, starts_on, ends_on AS last_on, term_no FROM h;
CREATE TEMP TABLE term_window AS
WITH term AS (SELECT term_no, min(starts_on) AS starts_on, max(last_on) AS ends_on FROM half_term_day GROUP BY term_no)
SELECT term_no AS window_no, lag(starts_on, 2) OVER w AS from_on, ends_on AS to_on, ends_on AS asked_from, coalesce(lead(ends_on) OVER w, DATE '9999-12-31') AS asked_to
FROM term WINDOW w AS (ORDER BY term_no) QUALIFY from_on IS NOT NULL;
CREATE TEMP TABLE attended AS
SELECT s.household_id, s.person_id, f.fact_id, h.term_no, f.quantity, f.out_of, f.unauthorised
FROM fact f
JOIN half_term_day h ON h.on_day = f.ends_on
JOIN (SELECT s.*, w.window_no - 2 AS first_term FROM subject s JOIN term_window w ON s.since >= w.asked_from AND s.since < w.asked_to) s USING (source_record_id)
WHERE f.kind = 'attendance' AND f.starts_on <= getvariable('d') AND h.term_no >= s.first_term
  AND h.last_on >= s.joined_on AND h.last_on < s.left_on AND h.last_on >= s.born_on AND h.last_on < s.adult_on;
CREATE TEMP TABLE rate AS
WITH of_term AS (
    SELECT household_id, person_id, term_no, sum(quantity) AS attended, sum(unauthorised) AS unauthorised, sum(out_of) AS possible
    FROM attended GROUP BY household_id, person_id, term_no
)
SELECT t.household_id, t.person_id, w.window_no, w.asked_from, w.asked_to, sum(attended) AS attended, sum(unauthorised) AS unauthorised, sum(possible) AS possible
FROM of_term t JOIN (SELECT *, unnest([window_no, window_no - 1, window_no - 2]) AS term_no FROM term_window) w USING (term_no)
JOIN hh h ON h.household_id = t.household_id AND w.asked_to > h.since AND w.asked_from < h.till
GROUP BY t.household_id, t.person_id, w.window_no, w.asked_from, w.asked_to HAVING sum(possible) > 0;
INSERT INTO counted
SELECT 'education', 'persistent_absence', 0, household_id, asked_from, asked_to FROM rate WHERE attended * 10 < possible * 9;
INSERT INTO counted
SELECT 'education', 'attends', 0, r.household_id, greatest(asked_from, joined_on, school_on), least(asked_to, left_on, left_school_on)
FROM rate r JOIN (SELECT DISTINCT household_id, person_id, joined_on, left_on, school_on, left_school_on FROM subject) s USING (household_id, person_id)
WHERE asked_to > getvariable('d') AND unauthorised * 10 >= possible AND greatest(asked_from, joined_on, school_on) < least(asked_to, left_on, left_school_on);
-- suspensions and exclusions count from their day until the window has left it behind
CREATE TEMP TABLE excluded AS
WITH happened AS (
    SELECT s.household_id, s.person_id, s.since, f.fact_id, f.kind, f.code, coalesce(f.quantity, 0) AS quantity, f.starts_on AS from_on,
           f.starts_on >= s.born_on AND f.starts_on < s.adult_on AS as_child
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind IN ('suspension', 'permanent_exclusion') AND f.starts_on <= getvariable('d') AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
)
SELECT h.*, w.asked_from AS to_on FROM happened h ASOF JOIN term_window w ON h.from_on < w.from_on WHERE w.asked_from > h.since;
INSERT INTO counting
SELECT 'education', t.criterion, t.test, household_id, person_id, fact_id, e.from_on, e.to_on, NULL, CASE t.criterion WHEN 'exclusion_days' THEN e.quantity ELSE 1 END
FROM excluded e JOIN (VALUES ('suspension', true, NULL, 'fixed_exclusions', 0), ('suspension', true, NULL, 'exclusion_days', 0), ('suspension', true, 'PRI', 'exclusion_days', 1),
    ('permanent_exclusion', true, NULL, 'permanent_exclusion', 0), ('suspension', false, NULL, 'few_suspensions', 0), ('permanent_exclusion', false, NULL, 'not_excluded', 0)
) t(kind, of_child, code, criterion, test) ON e.kind = t.kind AND (e.as_child OR NOT t.of_child) AND (t.code IS NULL OR e.code = t.code)
WHERE t.of_child OR e.to_on > getvariable('d');
INSERT INTO counted
WITH step AS (
    SELECT c.criterion, c.test, c.household_id, c.person_id, unnest([c.from_on, c.to_on]) AS on_day,
           unnest([1, -1]) * c.amount AS amount
    FROM counting c WHERE c.problem = 'education'
), level AS (
    SELECT criterion, test, household_id, person_id, on_day, sum(sum(amount)) OVER (PARTITION BY criterion, test, household_id, person_id ORDER BY on_day)
           >= CASE criterion WHEN 'exclusion_days' THEN CASE test WHEN 0 THEN 20 ELSE 10 END WHEN 'permanent_exclusion' THEN 1 WHEN 'not_excluded' THEN 1 ELSE 3 END AS is_enough
    FROM step GROUP BY criterion, test, household_id, person_id, on_day
), turn AS (
    SELECT * FROM level QUALIFY is_enough <> coalesce(lag(is_enough) OVER (PARTITION BY criterion, test, household_id, person_id ORDER BY on_day), false)
), enough AS (
    SELECT criterion, test, household_id, person_id, on_day AS from_on, lead(on_day) OVER (PARTITION BY criterion, test, household_id, person_id ORDER BY on_day) AS to_on
    FROM turn QUALIFY is_enough
)
SELECT 'education', criterion, test, household_id, from_on, to_on FROM enough WHERE criterion NOT IN ('few_suspensions', 'not_excluded')
UNION ALL
SELECT 'education', criterion, test, e.household_id, greatest(e.from_on, joined_on, school_on), least(e.to_on, left_on, left_school_on)
FROM enough e JOIN (SELECT DISTINCT household_id, person_id, joined_on, left_on, school_on, left_school_on FROM subject) s USING (household_id, person_id)
WHERE criterion IN ('few_suspensions', 'not_excluded') AND greatest(e.from_on, joined_on, school_on) < least(e.to_on, left_on, left_school_on);
INSERT INTO found
SELECT 'education', 'alternative_provision', s.household_id, s.person_id, f.fact_id, greatest(f.starts_on, s.joined_on, s.born_on), least(coalesce(f.ends_on, s.left_on), s.left_on, s.adult_on), NULL
FROM fact f JOIN subject s USING (source_record_id)
WHERE f.kind = 'enrolment' AND f.is_flagged AND f.starts_on <= getvariable('d') AND greatest(f.starts_on, s.joined_on, s.born_on) < least(coalesce(f.ends_on, s.left_on), s.left_on, s.adult_on);
