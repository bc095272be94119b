-- What:  things that happened to members, with the days d on which each lies in its test's window.
--        A joint report of one offence (same person, same day of the offence) counts once, on its earlier proof.
-- Grain: rule x household x fact.   Reads: subject, core.fact, asked, superseded, term_window.   Key: rule_id, household_id, fact_id.
INSERT INTO occurrence (rule_id, household_id, person_id, fact_id, kind, on_day, days, is_sure, amount, ref)
WITH leaving AS MATERIALIZED (
    -- the first day on which each day has left a window that runs from the start of whole terms
    SELECT n, daterange(lag(starts_on) OVER (PARTITION BY n ORDER BY starts_on), starts_on) AS days, lower(days) AS leaves_on FROM term_window
)
SELECT a.rule_id, s.household_id, s.person_id, f.fact_id, f.kind, f.starts_on, w.days,
       CASE a.who WHEN 'child' THEN s.child @> f.starts_on WHEN 'adult' THEN s.adult @> f.starts_on
                  WHEN 'school_age' THEN s.is_dated ELSE true END,
       CASE a.ask WHEN 'total' THEN coalesce(f.quantity, 0) ELSE 1 END, coalesce(f.ref, f.fact_id::text)
FROM core.fact f
JOIN asked a ON a.kind = f.kind AND a.shape = 'event' AND a.who <> 'family' AND a.ask IN ('seen', 'total', 'clear', 'fewer')
JOIN subject s ON s.source_record_id = f.source_record_id AND s.plan_id = a.plan_id
CROSS JOIN LATERAL (
    SELECT daterange(f.starts_on, CASE WHEN a.window_unit = 'terms to day'
                THEN (SELECT l.leaves_on FROM leaving l WHERE l.n = a.window_n AND l.days @> f.starts_on)
                ELSE assess.leaves(f.starts_on, a.window_n, a.window_unit) END) AS days) w
WHERE f.kind = ANY (CAST(:event_kinds AS text[]))
  AND f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on BETWEEN :floor AND :as_at
  AND (a.code IS NULL OR f.code = ANY (a.code)) AND (a.outcome IS NULL OR f.outcome = ANY (a.outcome))
  AND (a.role IS NULL OR f.role = ANY (a.role)) AND (a.flagged IS NULL OR coalesce(f.is_flagged, false) = a.flagged)
  AND f.starts_on >= s.reach_from AND s.valid @> f.starts_on
  AND (a.ask = 'fewer' OR w.days && s.span)
  AND (NOT a.since_attachment OR f.starts_on > lower(s.span))
  AND CASE a.who WHEN 'child' THEN NOT s.is_dated OR s.child @> f.starts_on
                 WHEN 'adult' THEN NOT s.is_dated OR s.adult @> f.starts_on ELSE true END
  AND NOT (a.once_per IS NOT DISTINCT FROM 'happened_on' AND EXISTS (
           SELECT FROM superseded x WHERE x.rule_id = a.rule_id AND x.person_id = s.person_id AND x.fact_id = f.fact_id))
