-- what:  the members of attached families, each with the family's way through the programme
--        The pseudonyms are this return's own: neither our ids, which whoever knows a partner's references can work out, nor the analysts'
-- grain: household x person
-- reads: assess.readiness, identity.membership, identity.person, identity.household_ref, core.fact, mart.claim_v1, assess.latest,
--        identity.pseudonym_key
-- key:   household_id, person_id
WITH family AS (
    SELECT r.household_id, r.attached_on, r.problems_present, r.problems_improved, r.plan_id, r.status, l.as_at, l.run_id
    FROM assess.readiness r
    CROSS JOIN assess.latest l
    WHERE r.attached_on <= l.as_at
), milestone AS (
    SELECT f.household_id,
           min(x.starts_on) FILTER (WHERE x.kind = 'family_assessment' AND x.starts_on >= f.attached_on) AS assessed_on,
           min(x.starts_on) FILTER (WHERE x.kind = 'family_plan' AND x.starts_on >= f.attached_on) AS planned_on,
           min(x.starts_on) FILTER (WHERE x.kind = 'family_lead_worker' AND coalesce(x.ends_on, 'infinity') > f.attached_on) AS lead_worker_on,
           max(x.starts_on) FILTER (WHERE x.kind = 'family_closed' AND x.starts_on >= f.attached_on) AS closed_on
    FROM family f
    JOIN identity.household_ref h ON h.household_id = f.household_id AND h.known_to = 'infinity'
    JOIN core.fact x ON x.partner = h.partner AND x.family_ref = h.family_ref AND x.known_to = 'infinity' AND x.starts_on <= f.as_at
                    AND x.kind IN ('family_assessment', 'family_plan', 'family_lead_worker', 'family_closed')
    GROUP BY f.household_id
), member AS (
    SELECT DISTINCT ON (f.household_id, m.person_id) f.household_id, m.person_id, m.relationship
    FROM family f
    JOIN identity.membership m ON m.household_id = f.household_id AND m.known_to = 'infinity' AND m.valid && daterange(f.attached_on, f.as_at, '[]')
    ORDER BY f.household_id, m.person_id, m.valid DESC
), claim AS (
    SELECT DISTINCT ON (household_id) household_id, result, claimed_on, state
    FROM mart.claim_v1
    WHERE stands
    ORDER BY household_id, claimed_on DESC, claim_id
)
SELECT f.household_id, m.person_id, o.household_pseudonym, o.person_pseudonym, m.relationship, extract(year FROM age(f.attached_on, p.date_of_birth))::int AS age,
       f.attached_on, f.plan_id, f.status,
       array_to_string(ARRAY(SELECT x FROM unnest(f.problems_present) x ORDER BY x), ' ') AS problems_at_entry,
       array_to_string(ARRAY(SELECT x FROM unnest(f.problems_improved) x ORDER BY x), ' ') AS problems_improved,
       s.assessed_on, s.planned_on, s.lead_worker_on, s.closed_on,
       c.result AS claim_result, c.claimed_on, c.state AS claim_state
FROM family f
JOIN member m USING (household_id)
CROSS JOIN identity.pseudonym_key k
CROSS JOIN LATERAL (SELECT encode(sha256(k.key || sha256(k.key || 'progress' || int8send(f.household_id))), 'hex') AS household_pseudonym,
                           encode(sha256(k.key || sha256(k.key || 'progress' || int8send(m.person_id))), 'hex') AS person_pseudonym) o
LEFT JOIN identity.person p USING (person_id)
LEFT JOIN milestone s USING (household_id)
LEFT JOIN claim c USING (household_id)
ORDER BY o.household_pseudonym, o.person_pseudonym
