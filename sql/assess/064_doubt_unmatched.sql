-- What:  tests of a kind that a partner could not match for an adult: not known while the state is open.
-- Grain: rule x household.   Reads: subject, core.fact, unmatched, rule, rule_match.   Key: rule_id, household_id.
INSERT INTO test_doubt (rule_id, household_id, doubt, cov, feeds)
SELECT r.rule_id, s.household_id, range_agg(w.days * s.span), '{}', r.told_by
FROM unmatched u
JOIN core.fact f ON f.kind = u.kind
JOIN subject s USING (source_record_id)
JOIN rule r ON r.plan_id = s.plan_id AND r.plan_id = u.plan_id
     AND EXISTS (SELECT FROM rule_match m WHERE m.rule_id = r.rule_id AND m.kind = u.unsettles)
CROSS JOIN LATERAL (SELECT daterange(f.starts_on, f.ends_on) * s.valid
                           * CASE WHEN s.is_dated THEN s.adult ELSE '(,)' END AS days) d
-- a test of any time in a window is unsettled while the window holds such a day
CROSS JOIN LATERAL (SELECT CASE WHEN isempty(d.days) OR r.window_n IS NULL OR NOT isfinite(assess.last_day(d.days)) THEN d.days
                                ELSE daterange(lower(d.days), assess.leaves(assess.last_day(d.days), r.window_n, r.window_unit)) END AS days) w
WHERE f.kind = ANY (CAST(:unmatched_kinds AS text[])) AND f.known_from <= :known_at AND f.known_to > :known_at AND (f.starts_on IS NULL OR f.starts_on <= :as_at)
  AND (f.ends_on IS NULL OR f.ends_on > coalesce(f.starts_on, '-infinity'))
  AND NOT isempty(w.days * s.span)
GROUP BY r.rule_id, s.household_id, r.told_by
