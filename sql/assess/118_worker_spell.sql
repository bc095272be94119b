-- What:  their spells of work, of out-of-work benefit, and of not having been matched.
-- Grain: household x person x spell.   Reads: worker_record, core.fact, employment_match, unmatched.   Key: household_id, person_id, fact_id.
CREATE TEMP TABLE worker_spell ON COMMIT DROP AS
SELECT r.household_id, r.person_id, r.plan_id, m.what, f.fact_id, f.kind, f.code, f.outcome, daterange(f.starts_on, f.ends_on) AS days
FROM core.fact f
JOIN worker_record r USING (source_record_id)
JOIN employment_match m ON m.plan_id = r.plan_id AND m.kind = f.kind
     AND (m.code IS NULL OR f.code = ANY (m.code)) AND (m.outcome IS NULL OR f.outcome = ANY (m.outcome))
WHERE f.kind = ANY (CAST(:work_kinds AS text[])) AND f.known_from <= :known_at AND f.known_to > :known_at
  AND f.starts_on <= :as_at AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
UNION ALL
SELECT r.household_id, r.person_id, r.plan_id, 'unmatched', f.fact_id, f.kind, NULL, NULL, daterange(f.starts_on, f.ends_on)
FROM core.fact f
JOIN worker_record r USING (source_record_id)
JOIN unmatched u ON u.plan_id = r.plan_id AND u.kind = f.kind
WHERE f.kind = ANY (CAST(:unmatched_kinds AS text[])) AND f.known_from <= :known_at AND f.known_to > :known_at
  AND (f.starts_on IS NULL OR f.starts_on <= :as_at) AND (f.ends_on IS NULL OR f.ends_on > coalesce(f.starts_on, '-infinity'))
