-- What:  the employment result: members on the attachment day, the runs of days since in work and off benefit, and off benefit, the weeks in work, and the days on which they are enough.
-- Grain: household x person; household x person x run of days.   Reads: subject, fact.   Key: the grain.
CREATE TEMP TABLE work_spell AS
WITH worker AS (
    SELECT DISTINCT household_id, person_id, source_record_id, attached_on, adult_on FROM subject
    WHERE attached_on IS NOT NULL AND joined_on <= attached_on AND left_on > attached_on AND adult_on < till
)
SELECT w.household_id, w.person_id, w.attached_on, w.adult_on, f.fact_id, f.kind, f.code IN ('JSA', 'UC') AND (f.code = 'JSA' OR f.outcome = 'search') AS is_search,
       f.starts_on AS from_on, coalesce(f.ends_on, DATE '9999-12-31') AS to_on
FROM worker w LEFT JOIN fact f ON f.source_record_id = w.source_record_id AND f.starts_on <= getvariable('d') AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
     AND (f.kind = 'employment' OR f.kind = 'benefit' AND (f.code IN ('JSA', 'ESA', 'IS', 'IB', 'CA', 'SDA') OR f.code = 'UC' AND f.outcome IN ('search', 'prepare', 'plan', 'none')));
CREATE TEMP TABLE work_level AS
WITH step AS (
    SELECT household_id, person_id, greatest(unnest([from_on, to_on]), attached_on + 1) AS on_day, unnest([1, -1]) * (kind = 'employment')::INT AS work, unnest([1, -1]) * (kind = 'benefit')::INT AS benefit
    FROM work_spell WHERE kind IS NOT NULL AND to_on > attached_on + 1
    UNION ALL SELECT DISTINCT household_id, person_id, attached_on + 1, 0, 0 FROM work_spell
)
SELECT household_id, person_id, on_day, sum(sum(work)) OVER w > 0 AS has_work, sum(sum(benefit)) OVER w = 0 AS is_off
FROM step GROUP BY household_id, person_id, on_day WINDOW w AS (PARTITION BY household_id, person_id ORDER BY on_day);
CREATE TEMP TABLE work_run AS
WITH level AS (
    SELECT household_id, person_id, on_day, has_work AND is_off AS is_so, true AS is_work FROM work_level UNION ALL SELECT household_id, person_id, on_day, is_off, false FROM work_level
), turn AS (
    SELECT * FROM level QUALIFY is_so <> coalesce(lag(is_so) OVER (PARTITION BY is_work, household_id, person_id ORDER BY on_day), false)
)
SELECT household_id, person_id, is_work, on_day AS from_on, coalesce(lead(on_day) OVER (PARTITION BY is_work, household_id, person_id ORDER BY on_day), DATE '9999-12-31') AS to_on FROM turn QUALIFY is_so;
CREATE TEMP TABLE worker AS
WITH asked AS (
    SELECT household_id, person_id, any_value(adult_on) AS adult_on, bool_or(coalesce(kind = 'benefit' AND from_on <= attached_on AND to_on > attached_on, false)) AS was_on_benefit,
           bool_or(coalesce(kind = 'benefit' AND is_search AND from_on <= attached_on AND to_on > attached_on, false)) AS was_searching
    FROM work_spell GROUP BY household_id, person_id
), week AS (
    -- each week that ends on the day or a number of weeks before it, and lies in a run
    SELECT household_id, person_id, unnest(range(30)) AS nth, from_on, to_on FROM work_run WHERE is_work
), weeks AS (
    SELECT household_id, person_id, count(*) FILTER (nth < 13) AS of_13, count(*) AS of_30 FROM week
    WHERE getvariable('d') - 7 * nth::INT - 6 >= from_on AND getvariable('d') - 7 * nth::INT < to_on GROUP BY household_id, person_id
)
SELECT a.*, CASE WHEN was_searching THEN 26 ELSE 13 END AS need, coalesce(CASE WHEN was_searching THEN of_30 ELSE of_13 END, 0) AS weeks,
       CASE WHEN adult_on <= getvariable('d') AND was_on_benefit AND coalesce(CASE WHEN was_searching THEN of_30 ELSE of_13 END, 0) >= CASE WHEN was_searching THEN 26 ELSE 13 END THEN 'met' ELSE 'not_met' END AS verdict
FROM asked a LEFT JOIN weeks USING (household_id, person_id);
-- the days on which the weeks are enough: thirteen in one run, or a sweep of the last thirty
CREATE TEMP TABLE employed AS
WITH run AS (
    SELECT r.*, w.adult_on, w.was_searching FROM work_run r JOIN worker w USING (household_id, person_id) WHERE w.was_on_benefit AND r.is_work
), week AS (
    SELECT household_id, person_id, adult_on, from_on + 6 + 7 * nth::INT AS from_on, to_on + 7 * nth::INT AS to_on
    FROM (SELECT *, unnest(range(30)) AS nth FROM run WHERE was_searching AND to_on - from_on > 6)
), level AS (
    SELECT household_id, person_id, adult_on, on_day, sum(sum(step)) OVER (PARTITION BY household_id, person_id ORDER BY on_day) >= 26 AS is_enough
    FROM (SELECT household_id, person_id, adult_on, unnest([from_on, to_on]) AS on_day, unnest([1, -1]) AS step FROM week) GROUP BY household_id, person_id, adult_on, on_day
), turn AS (
    SELECT *, lead(on_day) OVER (PARTITION BY household_id, person_id ORDER BY on_day) AS to_on
    FROM (FROM level QUALIFY is_enough <> coalesce(lag(is_enough) OVER (PARTITION BY household_id, person_id ORDER BY on_day), false))
), held AS (
    SELECT household_id, adult_on, from_on + 90 AS from_on, to_on FROM run WHERE NOT was_searching
    UNION ALL SELECT household_id, adult_on, on_day, coalesce(to_on, DATE '9999-12-31') FROM turn WHERE is_enough
)
SELECT household_id, greatest(from_on, adult_on) AS from_on, to_on FROM held WHERE greatest(from_on, adult_on) < to_on;
