-- What:  things that happened to members, with the days d on which each lies in its test's window.
--        A joint report of one offence (same person, same day of the offence) counts once, on its earlier proof.
-- Grain: rule x household x fact.   Reads: subject, core.fact, rule, rule_match, core.kind, term_window.   Key: rule_id, household_id, fact_id.
INSERT INTO occurrence (rule_id, household_id, person_id, fact_id, kind, on_day, days, is_sure, amount, ref)
WITH event_kind AS MATERIALIZED (
    SELECT DISTINCT m.kind FROM rule_match m JOIN core.kind k USING (kind) JOIN rule r USING (rule_id)
    WHERE k.shape = 'event' AND r.ask IN ('seen', 'total', 'clear', 'fewer') AND r.who <> 'family'
), found AS (
    SELECT r.rule_id, r.plan_id, r.who, r.ask, r.window_n, r.window_unit, r.since_attachment, r.once_per, s.household_id, s.person_id, s.valid, s.span,
           s.is_dated, s.child, s.adult, f.fact_id, f.kind, f.starts_on, coalesce(f.quantity, 0) AS quantity,
           coalesce(f.ref, f.fact_id::text) AS ref,
           CASE WHEN r.once_per = 'happened_on' AND f.happened_on IS NOT NULL
                THEN row_number() OVER (PARTITION BY r.rule_id, s.household_id, s.person_id, s.valid, f.happened_on ORDER BY f.starts_on, f.fact_id)
                ELSE 1 END AS nth
    FROM core.fact f
    JOIN subject s USING (source_record_id)
    JOIN rule_match m ON m.kind = f.kind
    JOIN rule r ON r.rule_id = m.rule_id AND r.plan_id = s.plan_id
    WHERE f.kind IN (SELECT kind FROM event_kind)
      AND r.ask IN ('seen', 'total', 'clear', 'fewer') AND r.who <> 'family'
      AND f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on <= :as_at
      AND (m.code IS NULL OR f.code = ANY (m.code)) AND (m.outcome IS NULL OR f.outcome = ANY (m.outcome))
      AND (m.role IS NULL OR f.role = ANY (m.role)) AND (m.flagged IS NULL OR coalesce(f.is_flagged, false) = m.flagged)
)
SELECT f.rule_id, f.household_id, f.person_id, f.fact_id, f.kind, f.starts_on,
       daterange(f.starts_on, x.leaves_on) AS days,
       CASE f.who WHEN 'child' THEN f.child @> f.starts_on WHEN 'adult' THEN f.adult @> f.starts_on ELSE true END,
       CASE f.ask WHEN 'total' THEN f.quantity ELSE 1 END, f.ref
FROM found f
CROSS JOIN LATERAL (
    SELECT CASE WHEN f.window_unit = 'terms to day'
                THEN (SELECT min(lower(t.days)) FROM term_window t WHERE t.n = f.window_n AND t.starts_on > f.starts_on)
                ELSE assess.leaves(f.starts_on, f.window_n, f.window_unit) END AS leaves_on) x
WHERE f.nth = 1 AND f.valid @> f.starts_on
  AND (f.ask = 'fewer' OR daterange(f.starts_on, x.leaves_on) && f.span)
  AND (NOT f.since_attachment OR f.starts_on > lower(f.span))
  AND CASE f.who WHEN 'child' THEN NOT f.is_dated OR f.child @> f.starts_on
                 WHEN 'adult' THEN NOT f.is_dated OR f.adult @> f.starts_on ELSE true END
