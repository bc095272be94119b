-- What:  a problem that only nominations made present: the days on which some nomination since attachment has neither
--        ended long enough ago nor been answered by a goal met long enough ago.
-- Grain: household x problem.   Reads: occurrence, rule, nomination_rule, hh, identity.household_ref, core.fact.   Key: household_id, problem.
CREATE TEMP TABLE nomination_route ON COMMIT DROP AS
WITH nominated AS (
    SELECT o.household_id, r.problem, h.plan_id, o.fact_id, o.on_day AS nominated_on,
           min(greatest(lower(o.days), h.lo)) AS present_on, max(f.ends_on) AS ends_on
    FROM occurrence o
    JOIN rule r USING (rule_id)
    JOIN hh h USING (household_id)
    JOIN core.fact f ON f.kind = o.kind AND f.fact_id = o.fact_id AND f.known_from <= :known_at AND f.known_to > :known_at
    WHERE r.is_nominated AND f.kind = ANY (CAST(:nominated_kinds AS text[]))
    GROUP BY o.household_id, r.problem, h.plan_id, o.fact_id, o.on_day
), goal AS (
    SELECT x.household_id, f.code AS problem, f.starts_on
    FROM identity.household_ref x
    JOIN core.fact f ON f.partner = x.partner AND f.family_ref = x.family_ref
    WHERE f.kind IN (SELECT goal_kind FROM nomination_rule)
      AND f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on <= :as_at
      AND x.known_from <= :known_at AND x.known_to > :known_at
      AND x.household_id IN (SELECT household_id FROM nominated)
), settled AS (
    SELECT n.household_id, n.problem, n.present_on,
           least(assess.leaves(n.ends_on, q.ended_n, q.ended_unit),
                 min(assess.leaves(g.starts_on, q.ended_n, q.ended_unit))) AS settled_on
    FROM nominated n
    JOIN nomination_rule q USING (plan_id)
    LEFT JOIN goal g ON g.household_id = n.household_id AND g.problem = n.problem AND g.starts_on >= n.nominated_on
    GROUP BY n.household_id, n.problem, n.present_on, n.ends_on, n.fact_id, q.ended_n, q.ended_unit
)
SELECT household_id, problem, range_agg(CASE WHEN settled_on <= present_on THEN 'empty' ELSE daterange(present_on, settled_on) END) AS unsettled
FROM settled GROUP BY household_id, problem
