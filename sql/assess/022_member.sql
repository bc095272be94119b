-- What:  the members of those households, with the days on which each is a child, an adult, of school age.
--        term_from: the first day of the earliest window of terms that the household is judged by; reach_from: of any window.
-- Grain: household x person x membership spell.   Reads: hh, span_window, identity.membership, identity.person_born, plan.   Key: household_id, person_id, valid.
CREATE TEMP TABLE member ON COMMIT DROP AS
SELECT m.household_id, m.person_id, m.valid, h.span, h.plan_id, t.term_from,
       least(t.term_from, (h.lo - make_interval(months => :reach_months, weeks => :reach_weeks))::date) AS reach_from, p.date_of_birth IS NOT NULL AS is_dated,
       CASE WHEN p.date_of_birth IS NULL THEN 'empty' ELSE daterange(p.date_of_birth, b.adult_on) END AS child,
       CASE WHEN p.date_of_birth IS NULL THEN 'empty' ELSE daterange(b.adult_on, NULL) END AS adult,
       CASE WHEN p.date_of_birth IS NULL THEN 'empty'
            ELSE daterange(assess.after_months(p.date_of_birth, 12 * q.school_from), assess.after_months(p.date_of_birth, 12 * q.school_to)) END AS school
FROM hh h
JOIN identity.membership m USING (household_id)
JOIN identity.person_born p ON p.person_id = m.person_id AND p.known_from <= :known_at AND p.known_to > :known_at
JOIN plan q USING (plan_id)
LEFT JOIN (SELECT plan_id, span, min(starts_on) AS term_from FROM span_window GROUP BY plan_id, span) t ON t.plan_id = h.plan_id AND t.span = h.span
CROSS JOIN LATERAL (SELECT assess.after_months(p.date_of_birth, 12 * q.adult) AS adult_on) b
WHERE m.known_from <= :known_at AND m.known_to > :known_at
  AND (lower_inf(m.valid) OR lower(m.valid) <= :as_at)
