-- What:  the rows of sessions that count: those of a half-term on whose last day the child was a member and not yet an adult.
-- Grain: household x person x fact.   Reads: subject, core.fact, half_term_day.   Key: household_id, person_id, fact_id.
CREATE TEMP TABLE attended ON COMMIT DROP AS
WITH own_place AS MATERIALIZED (SELECT DISTINCT place FROM half_term_day WHERE place <> ''), half_term AS MATERIALIZED (
    SELECT DISTINCT starts_on, last_day FROM half_term_day
), reach AS MATERIALIZED (
    -- no row that ends before this day belongs to a half-term that closes in the earliest window
    SELECT t.term_from, min(h.starts_on) AS from_on
    FROM (SELECT DISTINCT term_from FROM subject) t JOIN half_term h ON h.last_day >= t.term_from GROUP BY t.term_from
)
SELECT o.household_id, o.person_id, o.plan_id, o.span, o.is_dated, h.last_day, o.kind, o.fact_id, o.attended, o.possible, o.authorised, o.unauthorised
FROM (
    SELECT s.*, f.kind, f.fact_id, f.ends_on, f.quantity AS attended, f.out_of AS possible, f.authorised, f.unauthorised,
           CASE WHEN f.place IN (SELECT place FROM own_place) THEN f.place ELSE '' END AS calendar
    FROM core.fact f JOIN subject s USING (source_record_id) JOIN reach r USING (term_from)
    WHERE f.kind = ANY (CAST(:rate_kinds AS text[]))
      AND f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on <= :as_at AND f.ends_on >= :first_term_day AND f.ends_on >= r.from_on
    OFFSET 0  -- people before calendars: of the calendar the planner thinks that it leaves next to nothing
) o
JOIN half_term_day h ON h.day = o.ends_on AND h.place = o.calendar
WHERE h.last_day >= o.term_from AND coalesce(o.valid @> h.last_day, false) AND (NOT o.is_dated OR o.child @> h.last_day)
