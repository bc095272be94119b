-- what:  the members of households as known at an instant, from attachment on, by partners' references; no particulars
-- grain: household x person x membership spell
-- reads: assess.readiness, identity.membership, identity.person_link, core.source_record, identity.person_born
-- key:   household_id, person_id, valid_from
SELECT m.household_id, m.person_id, m.relationship, lower(m.valid) AS valid_from, upper(m.valid) AS valid_to, m.basis,
       CASE WHEN p.date_of_birth IS NULL THEN 'of unknown age'
            WHEN :as_at < assess.after_months(p.date_of_birth, 12 * claim.adult_age(r.plan_id)) THEN 'child' ELSE 'adult' END AS age,
       (SELECT coalesce(array_agg(DISTINCT s.partner || ':' || s.person_ref ORDER BY s.partner || ':' || s.person_ref), '{}')
        FROM identity.person_link l
        JOIN core.source_record s ON s.source_record_id = l.source_record_id AND s.known_from <= :known_at AND s.known_to > :known_at
        WHERE l.person_id = m.person_id AND l.known_from <= :known_at AND l.known_to > :known_at) AS refs
FROM assess.readiness r
JOIN identity.membership m USING (household_id)
JOIN identity.person_born p ON p.person_id = m.person_id AND p.known_from <= :known_at AND p.known_to > :known_at
WHERE r.household_id = ANY (CAST(:households AS bigint[])) AND m.known_from <= :known_at AND m.known_to > :known_at
  AND (lower_inf(m.valid) OR lower(m.valid) <= :as_at) AND (upper_inf(m.valid) OR upper(m.valid) > coalesce(r.attached_on, :as_at))
ORDER BY m.household_id, m.person_id, lower(m.valid) NULLS FIRST
