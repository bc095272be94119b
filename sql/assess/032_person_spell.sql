-- What:  spells of members: the days on which each is open (or lies in the test's window), while a member and of the age.
-- Grain: rule x household x fact x membership spell.   Reads: subject, core.fact, asked.   Key: rule_id, household_id, fact_id, days.
INSERT INTO occurrence (rule_id, household_id, person_id, fact_id, kind, on_day, days, is_sure, amount, ref)
WITH found AS MATERIALIZED (
    SELECT r.rule_id, r.ask, r.ends_n, r.window_n, r.window_unit, s.household_id, s.person_id, s.span, f.fact_id, f.kind, f.starts_on, f.partner || ' ' || f.ref AS ref,
           daterange(f.starts_on, f.ends_on) * s.valid
           * CASE WHEN NOT s.is_dated THEN '(,)'::daterange WHEN r.who = 'child' THEN s.child WHEN r.who = 'adult' THEN s.adult ELSE '(,)'::daterange END
           * CASE WHEN r.ends_n IS NULL THEN '(,)'::daterange
                  WHEN f.ends_on IS NULL THEN 'empty'::daterange
                  ELSE daterange(assess.before_months(f.ends_on, r.ends_n), NULL) END AS held,
           s.is_dated OR r.who NOT IN ('child', 'adult') AS is_sure
    FROM core.fact f
    JOIN asked r ON r.kind = f.kind AND r.shape <> 'event' AND r.who <> 'family' AND r.ask IN ('open', 'clear', 'seen')
    JOIN subject s ON s.source_record_id = f.source_record_id AND s.plan_id = r.plan_id
    WHERE f.kind = ANY (CAST(:spell_kinds AS text[]))
      AND (f.ends_on IS NULL OR f.ends_on >= :floor AND f.ends_on >= s.reach_from AND (r.ask <> 'open' OR f.ends_on > lower(s.span)))
      AND f.known_from <= :known_at AND f.known_to > :known_at
      AND (f.starts_on IS NULL OR f.starts_on <= :as_at) AND (f.ends_on IS NULL OR f.ends_on > coalesce(f.starts_on, '-infinity'))
      AND (r.code IS NULL OR f.code = ANY (r.code)) AND (r.outcome IS NULL OR f.outcome = ANY (r.outcome))
      AND (r.not_outcome IS NULL OR coalesce(f.outcome, '') <> ALL (r.not_outcome))
      AND (r.role IS NULL OR f.role = ANY (r.role)) AND (r.flagged IS NULL OR coalesce(f.is_flagged, false) = r.flagged)
), windowed AS MATERIALIZED (
    SELECT *, CASE WHEN ask = 'open' THEN held
                   ELSE daterange(lower(held), CASE WHEN isfinite(assess.last_day(held))
                                                    THEN assess.leaves(assess.last_day(held), window_n, window_unit) END) END AS days
    FROM found WHERE NOT isempty(held)
)
SELECT rule_id, household_id, person_id, fact_id, kind, starts_on, days, is_sure, 1, coalesce(ref, fact_id::text)
-- (one whose end must be near is kept before it is, so that its day is known to be due)
FROM windowed WHERE days && CASE WHEN ends_n IS NULL THEN span ELSE daterange(lower(span), NULL) END
