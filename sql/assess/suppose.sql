-- What:  households that nobody attached though a whole-family assessment stands for them: to be judged as if attached on its day.
-- Grain: household.   Reads: assess.readiness, plan, principle, identity.household_ref, core.fact.   Key: household_id.
WITH assessed AS (
    SELECT r.household_id, min(f.starts_on) AS supposed_on
    FROM assess.readiness r
    JOIN plan q USING (plan_id)
    JOIN principle p ON p.plan_id = r.plan_id AND p.shown_as = 'has_assessment'
    JOIN identity.household_ref x ON x.household_id = r.household_id
    JOIN core.fact f ON f.partner = x.partner AND f.family_ref = x.family_ref AND f.kind = p.kind
                    AND (p.flagged IS NULL OR coalesce(f.is_flagged, false) = p.flagged)
    WHERE r.attached_on IS NULL AND r.status <> 'claimed'
      AND f.known_from <= :known_at AND f.known_to > :known_at AND x.known_from <= :known_at AND x.known_to > :known_at
      -- as far back as the plan looks ahead
      AND f.starts_on <= :as_at AND f.starts_on > CAST(:as_at AS date) - (q.horizon - CAST(:as_at AS date))
    GROUP BY r.household_id
), listed AS (
    INSERT INTO wanted SELECT household_id FROM assessed
)
INSERT INTO supposed SELECT household_id, supposed_on FROM assessed
