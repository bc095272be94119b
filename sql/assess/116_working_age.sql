-- What:  members on the attachment day who were adults then or come of age before the horizon: whom the employment result looks at.
-- Grain: household x person.   Reads: member, hh.   Key: household_id, person_id.
CREATE TEMP TABLE working_age ON COMMIT DROP AS
SELECT m.household_id, m.person_id, m.plan_id, h.attached_on, bool_and(m.is_dated) AS is_dated,
       range_agg(CASE WHEN m.is_dated THEN m.adult ELSE '(,)' END) AS adult
FROM member m JOIN hh h USING (household_id)
WHERE h.attached_on IS NOT NULL AND m.valid @> h.attached_on AND (NOT m.is_dated OR lower(m.adult) < upper(h.span))
GROUP BY m.household_id, m.person_id, m.plan_id, h.attached_on
