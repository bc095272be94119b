-- what:  whom the impact study is about: members of attached families, and of families found and not attached
-- grain: household x person
-- reads: assess.readiness, identity.membership, identity.household_ref, core.fact, assess.latest
-- key:   household_id, person_id
SELECT r.household_id, m.person_id, CASE WHEN r.attached_on IS NULL THEN 'comparison' ELSE 'programme' END AS study_group,
       r.attached_on,
       (SELECT max(x.starts_on)
        FROM identity.household_ref h
        JOIN core.fact x ON x.partner = h.partner AND x.family_ref = h.family_ref AND x.kind = 'family_closed' AND x.known_to = 'infinity'
        WHERE h.household_id = r.household_id AND h.known_to = 'infinity' AND x.starts_on BETWEEN r.attached_on AND l.as_at) AS closed_on
FROM assess.readiness r
CROSS JOIN assess.latest l
JOIN LATERAL (SELECT DISTINCT person_id FROM identity.membership m
              WHERE m.household_id = r.household_id AND m.known_to = 'infinity'
                AND m.valid && daterange(coalesce(r.attached_on, l.as_at), l.as_at, '[]')) m ON true
WHERE r.attached_on IS NOT NULL OR r.status = 'eligible'
ORDER BY r.household_id, m.person_id
