-- What:  attached families in which, at attachment, somebody was expecting a child, where the plan lets that stand for a child.
-- Grain: household.   Reads: hh, subject, core.fact, expecting.   Key: household_id.
CREATE TEMP TABLE expected ON COMMIT DROP AS
SELECT DISTINCT s.household_id
FROM expecting e
JOIN core.fact f ON f.kind = e.kind AND (e.code IS NULL OR f.code = ANY (e.code)) AND (e.outcome IS NULL OR f.outcome = ANY (e.outcome))
JOIN subject s ON s.source_record_id = f.source_record_id AND s.plan_id = e.plan_id
JOIN hh h ON h.household_id = s.household_id
WHERE f.kind = ANY (CAST(:expecting_kinds AS text[])) AND f.known_from <= :known_at AND f.known_to > :known_at
  AND h.attached_on IS NOT NULL AND s.valid @> h.attached_on
  AND f.starts_on <= h.attached_on AND (f.ends_on IS NULL OR f.ends_on > h.attached_on)
