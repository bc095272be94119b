-- What:  the rows of sessions that count: those of a half-term on whose last day the child was a member and not yet an adult.
-- Grain: household x person x fact.   Reads: subject, core.fact, half_term_day.   Key: household_id, person_id, fact_id.
CREATE TEMP TABLE attended ON COMMIT DROP AS
WITH own_place AS MATERIALIZED (SELECT DISTINCT place FROM half_term_day WHERE place <> '')
SELECT s.household_id, s.person_id, s.plan_id, s.span, s.is_dated, h.last_day, f.kind, f.fact_id,
       f.quantity AS attended, f.out_of AS possible, f.authorised, f.unauthorised
FROM core.fact f
JOIN half_term_day h ON h.day = f.ends_on
     AND h.place = CASE WHEN f.place IN (SELECT place FROM own_place) THEN f.place ELSE '' END
JOIN subject s USING (source_record_id)
WHERE f.kind = ANY (CAST(:rate_kinds AS text[]))
  AND f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on <= :as_at AND f.ends_on >= :first_term_day
  AND h.last_day >= s.term_from
  AND coalesce(s.valid @> h.last_day, false) AND (NOT s.is_dated OR s.child @> h.last_day)
