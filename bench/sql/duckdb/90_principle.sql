-- What:  the four principles of the attached: the milestones that count, after the last referral on or before attachment, and the day until which each holds.
-- Grain: household x principle x fact; household x principle.   Reads: hh, household_ref, fact, principle.   Key: the grain.
CREATE TEMP TABLE milestone AS
WITH own AS (
    SELECT h.household_id, h.attached_on, f.fact_id, f.kind, f.starts_on, coalesce(f.ends_on, DATE '9999-12-31') AS ends_on, coalesce(f.is_flagged, false) AS is_flagged
    FROM fact f JOIN household_ref r USING (partner, family_ref) JOIN hh h USING (household_id)
    WHERE h.attached_on IS NOT NULL AND f.starts_on <= getvariable('d')
      AND f.kind IN ('family_referred', 'family_assessment', 'family_plan', 'family_lead_worker', 'family_tfop_agreed', 'family_closed')
), referral AS (
    SELECT h.household_id, coalesce(max(o.starts_on), h.attached_on) AS referred_on FROM hh h
    LEFT JOIN own o ON o.household_id = h.household_id AND o.kind = 'family_referred' AND o.starts_on <= h.attached_on
    WHERE h.attached_on IS NOT NULL GROUP BY h.household_id, h.attached_on
), counts AS (
    SELECT o.*, CASE kind WHEN 'family_assessment' THEN 'assessment' WHEN 'family_plan' THEN 'plan' WHEN 'family_lead_worker' THEN 'lead_worker' ELSE 'tfop_agreed' END AS principle
    FROM own o JOIN referral r USING (household_id)
    WHERE o.starts_on >= r.referred_on AND (kind IN ('family_lead_worker', 'family_tfop_agreed') OR kind IN ('family_assessment', 'family_plan') AND is_flagged)
)
SELECT household_id, principle, fact_id, kind, CASE kind WHEN 'family_lead_worker' THEN ends_on ELSE DATE '9999-12-31' END AS until_on FROM counts
WHERE kind <> 'family_lead_worker' OR ends_on > starts_on
UNION ALL
-- a lead worker who lasted to the closure counts after it
SELECT c.household_id, c.principle, c.fact_id, c.kind, DATE '9999-12-31' FROM counts c JOIN own o USING (household_id)
WHERE c.kind = 'family_lead_worker' AND o.kind = 'family_closed' AND o.starts_on >= c.attached_on AND c.ends_on >= o.starts_on;
CREATE TEMP TABLE principle_held AS
SELECT h.household_id, p.principle, coalesce(max(m.until_on), DATE '0001-01-01') AS until_on
FROM hh h CROSS JOIN principle p LEFT JOIN milestone m ON m.household_id = h.household_id AND m.principle = p.principle
WHERE h.attached_on IS NOT NULL GROUP BY h.household_id, p.principle;
