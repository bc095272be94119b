-- what:  what may be said of a person to somebody who asks: that a family of theirs is or was with the programme, who leads the work
--        now, and when the family was last worked with. No row: nothing is known of them there
-- grain: person
-- reads: identity.membership, identity.household_ref, core.fact
-- key:   none
SELECT max(f.starts_on) FILTER (WHERE f.kind = 'family_attached') AS attached_on,
       greatest(max(f.starts_on), max(f.ends_on) FILTER (WHERE f.ends_on <= current_date)) AS last_involved_on,
       (array_agg(f.detail ->> 'worker' ORDER BY f.starts_on DESC)
        FILTER (WHERE f.kind = 'family_lead_worker' AND (f.ends_on IS NULL OR f.ends_on > current_date) AND f.detail ->> 'worker' <> ''))[1] AS lead_worker,
       (array_agg(f.detail ->> 'worker_role' ORDER BY f.starts_on DESC)
        FILTER (WHERE f.kind = 'family_lead_worker' AND (f.ends_on IS NULL OR f.ends_on > current_date) AND f.detail ->> 'worker_role' <> ''))[1] AS worker_role,
       coalesce(max(f.starts_on) FILTER (WHERE f.kind = 'family_closed')
                >= max(f.starts_on) FILTER (WHERE f.kind = 'family_attached'), false) AS is_closed
FROM identity.household_ref x
JOIN core.fact f ON f.partner = x.partner AND f.family_ref = x.family_ref AND f.source_record_id IS NULL AND f.known_to = 'infinity'
WHERE x.known_to = 'infinity'
  AND x.household_id IN (SELECT m.household_id FROM identity.membership m WHERE m.person_id = :person_id AND m.known_to = 'infinity')
HAVING bool_or(f.kind = 'family_attached')
