-- What:  for each person and window of terms, the days by which they had been on a roll in it, and whether their schools spoke for it,
--        with the days of the window on which they are looked at.
-- Grain: plan x household x person x window.   Reads: member, enrolled, span_window, half_term_day.   Key: household_id, person_id, n, days.
CREATE TEMP TABLE schooling ON COMMIT DROP AS
WITH person AS (
    SELECT household_id, person_id, plan_id, span, is_dated, child, school, range_agg(valid) AS valid
    FROM member
    WHERE NOT is_dated OR child && daterange(CAST(:first_term_day AS date), NULL)
    GROUP BY household_id, person_id, plan_id, span, is_dated, child, school
), last_day AS MATERIALIZED (SELECT DISTINCT last_day FROM half_term_day WHERE place = '')
SELECT p.household_id, p.person_id, p.plan_id, p.is_dated, p.child, p.school, p.valid, w.n, d.days, w.starts_on, w.ends_on, d.is_enrolled,
       coalesce(e.gaps && daterange(w.starts_on, w.ends_on, '[]'), false) AS has_gap,
       p.valid @> daterange(w.starts_on, w.ends_on, '[]') AND (NOT p.is_dated OR p.child @> w.ends_on)
       OR EXISTS (SELECT FROM last_day l WHERE l.last_day BETWEEN w.starts_on AND w.ends_on
               AND p.valid @> l.last_day AND (NOT p.is_dated OR p.child @> l.last_day)) AS was_member
FROM person p
JOIN span_window w ON w.plan_id = p.plan_id AND w.span = p.span
LEFT JOIN enrolled e ON e.household_id = p.household_id AND e.person_id = p.person_id
-- a roll that begins after the window's last term counts from its first day on, and not on the days before
CROSS JOIN LATERAL (SELECT lower(e.days * datemultirange(daterange(w.starts_on, NULL))) AS on_roll) r
CROSS JOIN LATERAL (SELECT CASE WHEN r.on_roll <= w.ends_on THEN '-infinity' ELSE coalesce(r.on_roll, 'infinity') END::date AS from_on) f
CROSS JOIN LATERAL (VALUES (w.days * daterange(NULL, f.from_on), false), (w.days * daterange(f.from_on, NULL), true)) d(days, is_enrolled)
WHERE NOT isempty(d.days)
