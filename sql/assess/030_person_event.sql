-- What:  things that happened to members, with the days d on which each lies in its test's window.
--        A joint report of one offence (same person, same day of the offence) counts once, on its earlier proof.
--        A reference is its partner's own: two partners' that happen to be equal are two occurrences.
-- Grain: rule x household x fact.   Reads: subject, core.fact, asked, superseded, window_day.   Key: rule_id, household_id, fact_id.
INSERT INTO occurrence (rule_id, household_id, person_id, fact_id, kind, on_day, days, is_sure, amount, ref)
WITH found AS (
    SELECT a.rule_id, a.ask, a.window_no, s.household_id, s.person_id, s.span, f.fact_id, f.kind, f.starts_on, f.partner || ' ' || f.ref AS ref,
           CASE a.who WHEN 'child' THEN s.child @> f.starts_on WHEN 'adult' THEN s.adult @> f.starts_on
                      WHEN 'school_age' THEN s.is_dated ELSE true END AS is_sure,
           CASE a.ask WHEN 'total' THEN coalesce(f.quantity, 0) ELSE 1 END AS amount
    FROM core.fact f
    JOIN asked a ON a.kind = f.kind AND a.shape = 'event' AND a.who <> 'family' AND a.ask IN ('seen', 'total', 'clear', 'fewer')
    JOIN subject s ON s.source_record_id = f.source_record_id AND s.plan_id = a.plan_id
    WHERE f.kind = ANY (CAST(:event_kinds AS text[]))
      AND f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on BETWEEN :floor AND :as_at
      AND (a.code IS NULL OR f.code = ANY (a.code)) AND (a.outcome IS NULL OR f.outcome = ANY (a.outcome))
      AND (a.not_outcome IS NULL OR coalesce(f.outcome, '') <> ALL (a.not_outcome))
      AND (a.role IS NULL OR f.role = ANY (a.role)) AND (a.flagged IS NULL OR coalesce(f.is_flagged, false) = a.flagged)
      -- (most facts lie in their person's membership; of a bare @> the planner would think one in two hundred)
      AND f.starts_on >= s.reach_from AND coalesce(s.valid @> f.starts_on, false)
      AND (NOT a.since_attachment OR f.starts_on > lower(s.span))
      AND CASE a.who WHEN 'child' THEN NOT s.is_dated OR s.child @> f.starts_on
                     WHEN 'adult' THEN NOT s.is_dated OR s.adult @> f.starts_on ELSE true END
      AND NOT (a.once_per IS NOT DISTINCT FROM 'happened_on' AND EXISTS (
               SELECT FROM superseded x WHERE x.rule_id = a.rule_id AND x.person_id = s.person_id AND x.fact_id = f.fact_id))
)
SELECT f.rule_id, f.household_id, f.person_id, f.fact_id, f.kind, f.starts_on, w.days, f.is_sure, f.amount, coalesce(f.ref, f.fact_id::text)
FROM found f JOIN window_day w ON w.window_no = f.window_no AND w.day = f.starts_on
WHERE f.ask = 'fewer' OR w.days && f.span
