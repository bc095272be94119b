-- What:  the first day on which a household that is ready, or unattached and eligible, would be so no more, and what ends then; and the next day on
--        which any answer of a household can change with nothing new.
-- Grain: household.   Reads: readiness, answer, problem, block, employed, principle_held, found, counting, counted, rate, subject, unsettled, worker, work_run, missing, outcome.   Key: household_id.
CREATE TABLE lapse AS
WITH d AS (SELECT getvariable('d') AS d), at_work AS (
    -- the day on which the run of days in work that holds the day itself ends
    SELECT household_id, min(to_on) FILTER (to_on > d AND next_on > to_on) AS ends_on
    FROM (SELECT household_id, max(to_on) OVER w AS to_on, coalesce(lead(from_on) OVER w, DATE '9999-12-31') AS next_on FROM employed WINDOW w AS (PARTITION BY household_id ORDER BY from_on)), d GROUP BY household_id
), standing AS (
    SELECT household_id, t.says, until_on AS ends_on FROM principle_held JOIN principle t USING (principle) JOIN readiness r USING (household_id) WHERE r.status = 'ready'
    UNION ALL
    SELECT p.household_id, t.says, (SELECT min(b.from_on) FROM block b WHERE b.household_id = p.household_id AND b.problem = p.problem AND b.from_on > d)
    FROM problem p CROSS JOIN d JOIN outcome o USING (household_id) JOIN readiness r USING (household_id) JOIN plan_problem t ON t.problem = p.problem::TEXT
    WHERE r.status = 'ready' AND o.sustained = 'met' AND p.present_since = 'met'
    UNION ALL
    SELECT household_id, 'time in work', w.ends_on FROM outcome o JOIN readiness r USING (household_id) JOIN at_work w USING (household_id) WHERE r.status = 'ready' AND o.sustained <> 'met'
), release AS (
    -- one release that is near goes on into the next that comes near before it
    SELECT household_id, problem, from_on, to_on, coalesce(max(to_on) OVER w >= from_on, false) AS goes_on FROM counted WHERE criterion = 'adult_release'
    WINDOW w AS (PARTITION BY household_id ORDER BY from_on, to_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), release_run AS (
    SELECT household_id, problem, min(from_on) AS from_on, max(to_on) AS to_on
    FROM (SELECT *, count(*) FILTER (NOT goes_on) OVER (PARTITION BY household_id ORDER BY from_on, to_on ROWS UNBOUNDED PRECEDING) AS run FROM release) GROUP BY household_id, problem, run
), present AS (
    SELECT a.household_id, a.problem, max(a.to_on) AS ends_on
    FROM (SELECT household_id, problem, from_on, to_on FROM answer WHERE side = 'identified' AND is_hit UNION ALL FROM release_run) a CROSS JOIN d JOIN readiness r USING (household_id)
    WHERE r.status = 'eligible' AND d >= a.from_on AND d < a.to_on GROUP BY a.household_id, a.problem
), short AS (
    SELECT household_id, list_reverse_sort(list(ends_on))[(SELECT any_value(needs) FROM plan)] AS ends_on FROM present GROUP BY household_id
), ending AS (
    SELECT household_id, says, ends_on FROM standing WHERE ends_on > getvariable('d') AND ends_on < DATE '9999-12-31'
    UNION ALL SELECT household_id, t.says, ends_on FROM short JOIN present p USING (household_id, ends_on) JOIN plan_problem t ON t.problem = p.problem::TEXT WHERE ends_on < DATE '9999-12-31'
)
SELECT household_id, ends_on AS lapses_on, string_agg(DISTINCT says, '; ' ORDER BY says) AS because FROM ending JOIN (SELECT household_id, min(ends_on) AS ends_on FROM ending GROUP BY household_id) USING (household_id, ends_on)
GROUP BY household_id, ends_on;
CREATE TABLE due AS
WITH d AS (SELECT getvariable('d') AS d, getvariable('far') AS far), closes AS (SELECT asked_to FROM term_window, d WHERE d >= asked_from AND d < asked_to),
doubted AS (
    -- a test in doubt on the day, which nothing found decides
    SELECT a.household_id FROM answer a CROSS JOIN d WHERE NOT a.is_hit AND d >= a.from_on AND d < a.to_on
      AND (SELECT count(DISTINCT c.test) FROM counted c WHERE c.household_id = a.household_id AND c.problem = a.problem AND c.criterion = a.criterion AND d >= c.from_on AND d < c.to_on)
          < CASE a.criterion WHEN 'exclusion_days' THEN 2 ELSE 1 END
), edge AS (
    SELECT f.household_id, unnest([f.from_on, f.to_on]) AS on_day FROM (SELECT household_id, criterion, from_on, to_on FROM found UNION ALL SELECT household_id, criterion, from_on, to_on FROM counting) f JOIN hh h USING (household_id)
    WHERE f.to_on > getvariable('d') AND (f.from_on < h.till OR f.criterion = 'adult_release')
    UNION ALL SELECT household_id, asked_to FROM (SELECT DISTINCT household_id FROM rate), closes
    UNION ALL SELECT household_id, unnest([joined_on, left_on, adult_on, school_on, left_school_on]) FROM subject
    UNION ALL SELECT household_id, asked_to FROM subject, closes, d WHERE born_on <= d AND adult_on > d
    UNION ALL SELECT household_id, until_on FROM principle_held
    UNION ALL SELECT household_id, max(to_on) FROM unsettled GROUP BY household_id, problem
    UNION ALL
    SELECT household_id, unnest([r.from_on + 6 + 7 * nth::INT, CASE WHEN r.to_on < DATE '9999-12-31' THEN r.to_on + 7 * nth::INT END])
    FROM (SELECT r.*, unnest(range(CASE w.need WHEN 26 THEN 30 ELSE 13 END)) AS nth FROM work_run r JOIN worker w USING (household_id, person_id)) r
    UNION ALL SELECT household_id, d + 1 FROM doubted, d
    -- what lies beyond the horizon comes into sight as it moves: three days early, since months differ
    UNION ALL SELECT household_id, greatest(d + 1, least(coalesce(would_be_fine_on, far + 92), far + 92) - (far - d)::INT - 3) FROM missing, d WHERE coalesce(would_be_fine_on > far, true)
    UNION ALL SELECT household_id, greatest(d + 1, least(coalesce(o.free_on, far + 92), far + 92) - (far - d)::INT - 3) FROM outcome o JOIN readiness r USING (household_id), d
    WHERE r.status = 'in_progress' AND r.earliest_on IS NULL
)
SELECT household_id, min(on_day) AS due_on FROM edge WHERE on_day > getvariable('d') AND on_day < DATE '9999-12-31' GROUP BY household_id;
