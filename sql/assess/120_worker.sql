-- What:  members who were on an out-of-work benefit on the attachment day, how many weeks their benefit asks for, and the
--        days since attachment on which they were in work and on no such benefit.
-- Grain: household x person.   Reads: subject, hh, core.fact, employment_match, weeks_rule.   Key: household_id, person_id.
CREATE TEMP TABLE worker ON COMMIT DROP AS
WITH spell AS (
    SELECT DISTINCT s.household_id, s.person_id, s.plan_id, h.attached_on, m.what, f.fact_id, f.kind, f.code, f.outcome,
           daterange(f.starts_on, f.ends_on) AS days
    FROM core.fact f
    JOIN subject s USING (source_record_id)
    JOIN hh h ON h.household_id = s.household_id AND h.attached_on IS NOT NULL
    JOIN employment_match m ON m.plan_id = s.plan_id AND m.kind = f.kind
         AND (m.code IS NULL OR f.code = ANY (m.code)) AND (m.outcome IS NULL OR f.outcome = ANY (m.outcome))
    WHERE f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on <= :as_at
      AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
), claimant AS (
    SELECT b.household_id, b.person_id, b.plan_id, b.attached_on, min(w.nth) AS nth, array_agg(DISTINCT b.fact_id) AS benefit_ids
    FROM spell b
    JOIN weeks_rule w ON w.plan_id = b.plan_id
         AND (w.kind IS NULL OR w.kind = b.kind AND (w.code IS NULL OR b.code = ANY (w.code)) AND (w.outcome IS NULL OR b.outcome = ANY (w.outcome)))
    WHERE b.what = 'benefit' AND b.days @> b.attached_on
      AND EXISTS (SELECT FROM member m WHERE m.household_id = b.household_id AND m.person_id = b.person_id AND m.valid @> b.attached_on)
    GROUP BY b.household_id, b.person_id, b.plan_id, b.attached_on
)
SELECT c.household_id, c.person_id, c.plan_id, w.need, w.of_last, c.benefit_ids,
       (SELECT bool_and(m.is_dated) FROM member m WHERE m.household_id = c.household_id AND m.person_id = c.person_id) AS is_dated,
       (SELECT range_agg(CASE WHEN m.is_dated THEN m.adult ELSE '(,)' END) FROM member m
        WHERE m.household_id = c.household_id AND m.person_id = c.person_id) AS adult,
       array_agg(DISTINCT s.fact_id) FILTER (WHERE s.what = 'work') AS work_ids,
       (coalesce(range_agg(s.days) FILTER (WHERE s.what = 'work'), '{}')
        - coalesce(range_agg(s.days) FILTER (WHERE s.what = 'benefit'), '{}')) * datemultirange(daterange(c.attached_on + 1, NULL)) AS in_work,
       datemultirange(daterange(c.attached_on + 1, NULL)) - coalesce(range_agg(s.days) FILTER (WHERE s.what = 'benefit'), '{}') AS off_benefit
FROM claimant c
JOIN (SELECT DISTINCT plan_id, nth, need, of_last FROM weeks_rule) w ON w.plan_id = c.plan_id AND w.nth = c.nth
JOIN spell s ON s.household_id = c.household_id AND s.person_id = c.person_id
GROUP BY c.household_id, c.person_id, c.plan_id, c.attached_on, w.need, w.of_last, c.benefit_ids
