-- What:  the households to judge: attachment day, plan, and the days [lo, hi] on which their verdicts are wanted.
--        An unattached household is judged on the as-at day alone; an attached one from attachment to the horizon. The span goes
--        on for a quarter, so that what comes into sight as the horizon moves is known some nights ahead (162).
-- Grain: household.   Reads: wanted, supposed, identity.household_ref, core.fact, plan, milestone.   Key: household_id.
CREATE TEMP TABLE hh ON COMMIT DROP AS
WITH attached AS (
    SELECT r.household_id, max(f.starts_on) AS attached_on
    FROM identity.household_ref r
    JOIN core.fact f ON f.partner = r.partner AND f.family_ref = r.family_ref
    JOIN (SELECT DISTINCT kind FROM milestone WHERE what = 'attached') m ON m.kind = f.kind
    WHERE f.starts_on <= :as_at
      AND f.known_from <= :known_at AND f.known_to > :known_at
      AND r.known_from <= :known_at AND r.known_to > :known_at
      AND r.household_id IN (SELECT household_id FROM wanted)
    GROUP BY r.household_id
    UNION ALL
    SELECT household_id, attached_on FROM supposed
)
SELECT w.household_id, a.attached_on, coalesce(a.attached_on, :as_at) AS lo,
       CASE WHEN a.attached_on IS NULL THEN CAST(:as_at AS date) ELSE p.horizon END AS hi,
       daterange(coalesce(a.attached_on, :as_at), CASE WHEN a.attached_on IS NULL THEN CAST(:as_at AS date) ELSE p.horizon + 91 END, '[]') AS span,
       p.plan_id
FROM wanted w
LEFT JOIN attached a USING (household_id)
CROSS JOIN LATERAL (
    -- the plan in force on the day; failing one, the last that was in force before it; failing that, the first
    SELECT plan_id, horizon FROM plan
    ORDER BY in_force @> coalesce(a.attached_on, :as_at) DESC, lower(in_force) <= coalesce(a.attached_on, :as_at) DESC,
             CASE WHEN lower(in_force) <= coalesce(a.attached_on, :as_at) THEN lower(in_force) END DESC NULLS LAST, lower(in_force)
    LIMIT 1) p
