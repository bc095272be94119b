-- What:  tests of how each spell stands: from the first day since attachment on which it made the problem present, until it
--        ends with a good outcome or has been open long enough. A spell that ended otherwise never settles; one that was settled
--        all along stands with no day, for it was found.
-- Grain: rule x household.   Reads: subject, core.fact, asked.   Key: rule_id, household_id.
INSERT INTO occurrence (rule_id, household_id, person_id, fact_id, kind, on_day, days, is_sure, amount, ref)
WITH present AS (
    SELECT r.rule_id, r.good, r.open_n, r.open_unit, s.household_id, s.person_id, f.fact_id, f.kind, f.starts_on, f.ends_on, f.outcome, f.ref,
           min(lower(d.days)) AS present_on
    FROM core.fact f
    JOIN asked r ON r.kind = f.kind AND r.ask = 'latest'
    JOIN subject s ON s.source_record_id = f.source_record_id AND s.plan_id = r.plan_id
    CROSS JOIN LATERAL (SELECT daterange(f.starts_on, f.ends_on) * s.valid * daterange(lower(s.span), NULL) AS days) d
    WHERE f.kind = ANY (CAST(:latest_kinds AS text[])) AND f.known_from <= :known_at AND f.known_to > :known_at
      AND f.starts_on <= :as_at AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
      AND (r.code IS NULL OR f.code = ANY (r.code)) AND NOT isempty(d.days)
    GROUP BY r.rule_id, r.good, r.open_n, r.open_unit, s.household_id, s.person_id, f.fact_id, f.kind, f.starts_on, f.ends_on, f.outcome, f.ref
), settled AS (
    SELECT *, datemultirange(CASE WHEN open_n IS NULL OR assess.leaves(starts_on, open_n, open_unit) >= coalesce(ends_on, 'infinity') THEN 'empty'
                                  ELSE daterange(assess.leaves(starts_on, open_n, open_unit), ends_on) END,
                             CASE WHEN outcome = ANY (good) AND ends_on IS NOT NULL THEN daterange(ends_on, NULL) ELSE 'empty' END) AS days
    FROM present
)
SELECT rule_id, household_id, person_id, fact_id, kind, starts_on, coalesce(x, 'empty'), true, 1, coalesce(ref, fact_id::text)
FROM settled LEFT JOIN LATERAL unnest(datemultirange(daterange(present_on, NULL)) - days) x ON true
