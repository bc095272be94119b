-- What:  households whose status moved since the last run, and why.
-- Grain: household x run.   Reads: new_readiness, assess.readiness, hh, member, core.fact, identity.person_link, identity.person_born, assess.run.   Key: household_id, run_id.
INSERT INTO assess.status_change (household_id, run_id, as_at, status_was, status_is, because)
SELECT n.household_id, CAST(:run_id AS bigint), CAST(:as_at AS date), r.status, n.status,
       CASE WHEN r.household_id IS NULL THEN 'household change'
            WHEN r.claimed_as IS DISTINCT FROM n.claimed_as THEN 'a claim'
            WHEN r.plan_id <> n.plan_id OR o.plan_hashes <> (SELECT plan_hashes FROM assess.run WHERE run_id = :run_id) THEN 'plan change'
            WHEN EXISTS (SELECT FROM identity.membership m WHERE m.household_id = n.household_id
                         AND (m.known_from > o.known_at OR m.known_to > o.known_at AND m.known_to < 'infinity')) THEN 'household change'
            WHEN EXISTS (SELECT FROM subject s JOIN identity.person_link l USING (source_record_id)
                         WHERE s.household_id = n.household_id AND l.known_from > o.known_at)
              OR EXISTS (SELECT FROM member m JOIN identity.person_born b USING (person_id)
                         WHERE m.household_id = n.household_id AND b.known_from > o.known_at) THEN 'corrected match'
            WHEN EXISTS (SELECT FROM subject s JOIN core.fact f USING (source_record_id)
                         WHERE s.household_id = n.household_id AND (f.known_from > o.known_at AND f.starts_on <= r.as_at
                               OR f.known_to > o.known_at AND f.known_to < 'infinity')) THEN 'late fact'
            WHEN EXISTS (SELECT FROM subject s JOIN core.fact f USING (source_record_id)
                         WHERE s.household_id = n.household_id AND f.known_from > o.known_at)
              OR EXISTS (SELECT FROM identity.household_ref x JOIN core.fact f ON f.partner = x.partner AND f.family_ref = x.family_ref
                         WHERE x.household_id = n.household_id AND f.known_from > o.known_at) THEN 'new fact'
            ELSE 'a window edge' END
FROM new_readiness n
LEFT JOIN assess.readiness r USING (household_id)
LEFT JOIN assess.run o ON o.run_id = r.run_id
WHERE r.status IS DISTINCT FROM n.status
