-- A child is held under every reference that any partner has for it, not only under those that the claim names; and holds follow
-- what is known today: a reference that turned out to be another child's is let go, one that came since is taken.

CREATE FUNCTION claim.wanted_holds(claims bigint[])
RETURNS TABLE (plans text, partner text, person_ref text, claim_id bigint) LANGUAGE sql STABLE AS $$
    WITH child AS MATERIALIZED (
        SELECT k.claim_id, k.partner, k.person_ref, k.person_id, c.plan_id
        FROM claim.people(claims) k
        JOIN claim.claim c ON c.claim_id = k.claim_id
        JOIN claim.state s ON s.state = c.state AND s.holds
        WHERE k.was_child
    ), known_as AS (
        SELECT claim_id, partner, person_ref, plan_id FROM child
        UNION
        SELECT c.claim_id, r.partner, r.person_ref, c.plan_id
        FROM child c
        JOIN identity.person_link l ON l.person_id = c.person_id AND l.known_to = 'infinity'
        JOIN core.source_record r ON r.source_record_id = l.source_record_id AND r.known_to = 'infinity'
    )
    SELECT DISTINCT least(k.plan_id, x.other) || '|' || greatest(k.plan_id, x.other), k.partner, k.person_ref, k.claim_id
    FROM known_as k JOIN claim.exclusion x ON x.plan_id = k.plan_id
$$;

CREATE OR REPLACE FUNCTION claim.hold_children(claims bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO claim.child_hold (plans, partner, person_ref, claim_id)
    SELECT w.plans, w.partner, w.person_ref, w.claim_id FROM claim.wanted_holds(claims) w
    WHERE NOT EXISTS (SELECT FROM claim.child_hold h WHERE h.claim_id = w.claim_id AND h.plans = w.plans
                      AND h.partner = w.partner AND h.person_ref = w.person_ref)
    ORDER BY 1, 2, 3
$$;

CREATE INDEX ON claim.claim (plan_id);
