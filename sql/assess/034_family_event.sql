-- What:  things that happened to a family as a whole (an assessment), with the days on which each lies in its test's window.
-- Grain: rule x household x fact.   Reads: hh, identity.household_ref, core.fact, rule, rule_match.   Key: rule_id, household_id, fact_id.
INSERT INTO occurrence (rule_id, household_id, person_id, fact_id, kind, on_day, days, is_sure, amount, ref)
SELECT r.rule_id, h.household_id, NULL, f.fact_id, f.kind, f.starts_on,
       daterange(f.starts_on, assess.leaves(f.starts_on, r.window_n, r.window_unit)), true, 1, f.fact_id::text
FROM rule r
JOIN rule_match m USING (rule_id)
JOIN core.fact f ON f.kind = m.kind
JOIN identity.household_ref x ON x.partner = f.partner AND x.family_ref = f.family_ref
JOIN hh h ON h.household_id = x.household_id AND h.plan_id = r.plan_id
WHERE r.who = 'family' AND r.ask IN ('seen', 'clear')
  AND f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on <= :as_at
  AND x.known_from <= :known_at AND x.known_to > :known_at
  AND (m.code IS NULL OR f.code = ANY (m.code)) AND (m.flagged IS NULL OR coalesce(f.is_flagged, false) = m.flagged)
  AND daterange(f.starts_on, assess.leaves(f.starts_on, r.window_n, r.window_unit)) && h.span
