-- What:  the days of each member's enrolments, and the last days of the half-terms of them that no delivery of that school spoke for.
--        A half-term is asked for once its last day is older than the feed's allowed lag.
-- Grain: household x person.   Reads: subject, core.fact, half_term_day, core.coverage, core.feed, schooling_rule.   Key: household_id, person_id.
CREATE TEMP TABLE enrolled ON COMMIT DROP AS
WITH spoken AS MATERIALIZED (
    SELECT c.place, range_agg(c.covers) AS days, max(f.stale_days) AS stale_days, max(f.stale_half_terms) AS stale_half_terms
    FROM core.coverage c JOIN core.feed f USING (feed)
    WHERE c.place IS NOT NULL AND c.known_from <= :known_at AND c.known_to > :known_at
    GROUP BY c.place
), place_feed AS MATERIALIZED (
    SELECT max(stale_days) + max(stale_half_terms) * (
             SELECT last_day - starts_on + 1 FROM half_term_day WHERE place = '' AND last_day <= :as_at ORDER BY day DESC LIMIT 1) AS lag_days
    FROM core.feed WHERE stale_half_terms > 0
), half_term AS MATERIALIZED (
    SELECT DISTINCT starts_on, last_day FROM half_term_day, place_feed
    WHERE place = '' AND last_day <= CAST(:as_at AS date) - coalesce(lag_days, 0) AND last_day >= :first_term_day
), missing AS MATERIALIZED (
    -- half-terms that some school on a roll should have spoken for and did not: few, or none
    SELECT q.place, array_agg(t.starts_on ORDER BY t.starts_on) AS first_days, array_agg(t.last_day ORDER BY t.starts_on) AS last_days
    FROM (SELECT DISTINCT place FROM core.fact WHERE kind = ANY (CAST(:roll_kinds AS text[])) AND known_from <= :known_at AND known_to > :known_at) q
    LEFT JOIN spoken p USING (place)
    JOIN half_term t ON NOT coalesce(p.days && daterange(t.starts_on, t.last_day, '[]'), false)
    GROUP BY q.place
)
SELECT s.household_id, s.person_id, range_agg(daterange(f.starts_on, f.ends_on)) AS days,
       range_agg(CASE WHEN m.place IS NULL THEN '{}' ELSE (
           SELECT coalesce(range_agg(daterange(g.last_day, g.last_day, '[]')), '{}') FROM unnest(m.first_days, m.last_days) g(starts_on, last_day)
           WHERE daterange(f.starts_on, f.ends_on) && daterange(g.starts_on, g.last_day, '[]')) END) AS gaps
FROM core.fact f
JOIN subject s USING (source_record_id)
JOIN schooling_rule q ON q.plan_id = s.plan_id AND q.kind = f.kind
LEFT JOIN missing m ON m.place = f.place
WHERE f.kind = ANY (CAST(:roll_kinds AS text[])) AND f.known_from <= :known_at AND f.known_to > :known_at
  AND f.starts_on <= :as_at AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
GROUP BY s.household_id, s.person_id
