-- What:  the plans that judge now, or the versions of them that judged at an instant.
-- Grain: plan.   Reads: assess.plan, assess.plan_version.   Key: plan_id.
SELECT document, plan_hash FROM (
    SELECT plan_id, in_force, document, plan_hash FROM assess.plan WHERE CAST(:known_at AS timestamptz) IS NULL
    UNION ALL
    SELECT plan_id, in_force, document, plan_hash FROM assess.plan_version WHERE known_from <= :known_at AND known_to > :known_at
) p ORDER BY lower(in_force), plan_id
