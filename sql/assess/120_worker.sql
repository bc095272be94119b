-- What:  members on the attachment day who were, or may have been, on an out-of-work benefit then: how many weeks in work their
--        benefit asks for, and the days since attachment in work and off benefit. Days on which DWP could not match them are unsure.
-- Grain: household x person.   Reads: member, subject, hh, core.fact, employment_match, weeks_rule, unmatched.   Key: household_id, person_id.
CREATE TEMP TABLE worker ON COMMIT DROP AS
WITH present AS (
    SELECT m.household_id, m.person_id, m.plan_id, h.attached_on, bool_and(m.is_dated) AS is_dated,
           range_agg(CASE WHEN m.is_dated THEN m.adult ELSE '(,)' END) AS adult
    FROM member m JOIN hh h USING (household_id)
    WHERE h.attached_on IS NOT NULL AND m.valid @> h.attached_on AND (NOT m.is_dated OR lower(m.adult) <= h.hi)
    GROUP BY m.household_id, m.person_id, m.plan_id, h.attached_on
), record AS MATERIALIZED (
    SELECT DISTINCT p.household_id, p.person_id, p.plan_id, s.source_record_id
    FROM present p JOIN subject s ON s.household_id = p.household_id AND s.person_id = p.person_id
), spell AS (
    SELECT r.household_id, r.person_id, r.plan_id, m.what, f.fact_id, f.kind, f.code, f.outcome, daterange(f.starts_on, f.ends_on) AS days
    FROM core.fact f
    JOIN record r USING (source_record_id)
    JOIN employment_match m ON m.plan_id = r.plan_id AND m.kind = f.kind
         AND (m.code IS NULL OR f.code = ANY (m.code)) AND (m.outcome IS NULL OR f.outcome = ANY (m.outcome))
    WHERE f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on <= :as_at AND f.kind IN (SELECT kind FROM employment_match)
      AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
    UNION ALL
    SELECT r.household_id, r.person_id, r.plan_id, 'unmatched', f.fact_id, f.kind, NULL, NULL, daterange(f.starts_on, f.ends_on)
    FROM core.fact f
    JOIN record r USING (source_record_id)
    JOIN unmatched u ON u.plan_id = r.plan_id AND u.kind = f.kind
    WHERE f.known_from <= :known_at AND f.known_to > :known_at AND (f.starts_on IS NULL OR f.starts_on <= :as_at)
      AND f.kind IN (SELECT kind FROM unmatched) AND (f.ends_on IS NULL OR f.ends_on > coalesce(f.starts_on, '-infinity'))
), gathered AS (
    SELECT p.*, array_agg(DISTINCT s.fact_id) FILTER (WHERE s.what = 'benefit' AND s.days @> p.attached_on) AS benefit_ids,
           array_agg(DISTINCT s.fact_id) FILTER (WHERE s.what = 'work') AS work_ids,
           coalesce(bool_or(s.what = 'unmatched' AND s.days @> p.attached_on), false) AS is_unmatched,
           coalesce(range_agg(s.days) FILTER (WHERE s.what = 'work'), '{}') AS work,
           coalesce(range_agg(s.days) FILTER (WHERE s.what = 'benefit'), '{}') AS benefit,
           coalesce(range_agg(s.days) FILTER (WHERE s.what = 'unmatched'), '{}') AS unsure,
           min(w.nth) AS nth
    FROM present p
    LEFT JOIN spell s USING (household_id, person_id)
    LEFT JOIN weeks_rule w ON w.plan_id = p.plan_id AND s.what = 'benefit' AND s.days @> p.attached_on
         AND (w.kind IS NULL OR w.kind = s.kind AND (w.code IS NULL OR s.code = ANY (w.code)) AND (w.outcome IS NULL OR s.outcome = ANY (w.outcome)))
    GROUP BY p.household_id, p.person_id, p.plan_id, p.attached_on, p.is_dated, p.adult
)
SELECT g.household_id, g.person_id, g.plan_id, g.is_dated, g.adult, g.benefit_ids, g.work_ids, g.is_unmatched, w.need, w.of_last,
       (g.work - g.benefit) * s.since AS in_work, (g.work - g.benefit - g.unsure) * s.since AS surely_in_work, s.since - g.benefit AS off_benefit
FROM gathered g
CROSS JOIN LATERAL (SELECT datemultirange(daterange(g.attached_on + 1, NULL)) AS since) s
-- who was on no known benefit is asked for what the rest are asked for
JOIN (SELECT DISTINCT plan_id, nth, need, of_last FROM weeks_rule) w ON w.plan_id = g.plan_id
     AND w.nth = coalesce(g.nth, (SELECT max(r.nth) FROM weeks_rule r WHERE r.plan_id = g.plan_id))
