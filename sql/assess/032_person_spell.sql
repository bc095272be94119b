-- What:  spells of members: the days on which each is open (or lies in the test's window), while a member and of the age.
-- Grain: rule x household x fact x membership spell.   Reads: subject, core.fact, rule, rule_match, core.kind.   Key: rule_id, household_id, fact_id, days.
INSERT INTO occurrence (rule_id, household_id, person_id, fact_id, kind, on_day, days, is_sure, amount, ref)
WITH spell_kind AS MATERIALIZED (
    SELECT DISTINCT m.kind FROM rule_match m JOIN core.kind k USING (kind) JOIN rule r USING (rule_id)
    WHERE k.shape <> 'event' AND r.ask IN ('open', 'clear', 'seen')
), found AS (
    SELECT r.*, s.household_id, s.person_id, s.span, f.fact_id, f.kind, f.starts_on, f.ref,
           daterange(f.starts_on, f.ends_on) * s.valid
           * CASE WHEN NOT s.is_dated THEN '(,)'::daterange WHEN r.who = 'child' THEN s.child WHEN r.who = 'adult' THEN s.adult ELSE '(,)'::daterange END
           * CASE WHEN r.ends_n IS NULL THEN '(,)'::daterange
                  WHEN f.ends_on IS NULL THEN 'empty'::daterange
                  ELSE daterange(assess.before_months(f.ends_on, r.ends_n), NULL) END AS held,
           s.is_dated OR r.who NOT IN ('child', 'adult') AS is_sure
    FROM core.fact f
    JOIN subject s USING (source_record_id)
    JOIN rule_match m ON m.kind = f.kind
    JOIN rule r ON r.rule_id = m.rule_id AND r.plan_id = s.plan_id
    WHERE f.kind IN (SELECT kind FROM spell_kind)
      AND r.ask IN ('open', 'clear', 'seen') AND r.who <> 'family'
      AND f.known_from <= :known_at AND f.known_to > :known_at
      AND (f.starts_on IS NULL OR f.starts_on <= :as_at) AND (f.ends_on IS NULL OR f.ends_on > coalesce(f.starts_on, '-infinity'))
      AND (m.code IS NULL OR f.code = ANY (m.code)) AND (m.outcome IS NULL OR f.outcome = ANY (m.outcome))
      AND (m.role IS NULL OR f.role = ANY (m.role)) AND (m.flagged IS NULL OR coalesce(f.is_flagged, false) = m.flagged)
), windowed AS (
    SELECT *, CASE WHEN ask = 'open' THEN held
                   ELSE daterange(lower(held), CASE WHEN isfinite(assess.last_day(held))
                                                    THEN assess.leaves(assess.last_day(held), window_n, window_unit) END) END AS days
    FROM found WHERE NOT isempty(held)
)
SELECT rule_id, household_id, person_id, fact_id, kind, starts_on, days, is_sure, 1, coalesce(ref, fact_id::text)
FROM windowed WHERE days && span
