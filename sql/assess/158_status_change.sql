-- What:  households whose status moved since the last run, and why.
-- Grain: household x run.   Reads: new_readiness, assess.readiness, subject, member, core.fact, identity.person_link, identity.person_born, identity.membership, identity.household_ref, assess.run.   Key: household_id, run_id.
INSERT INTO assess.status_change (household_id, run_id, as_at, status_was, status_is, because)
WITH moved AS MATERIALIZED (
    SELECT n.household_id, n.status AS status_is, r.status AS status_was, r.household_id IS NULL AS is_first, r.as_at AS was_at, o.known_at,
           r.claimed_as IS DISTINCT FROM n.claimed_as AS by_claim,
           r.plan_id <> n.plan_id OR o.plan_hashes <> (SELECT plan_hashes FROM assess.run WHERE run_id = :run_id) AS by_plan
    FROM new_readiness n
    LEFT JOIN assess.readiness r USING (household_id)
    LEFT JOIN assess.run o ON o.run_id = r.run_id
    WHERE r.status IS DISTINCT FROM n.status
), unexplained AS MATERIALIZED (
    SELECT household_id, was_at, known_at FROM moved WHERE NOT (is_first OR by_claim OR by_plan)
), spoken_for AS MATERIALIZED (
    SELECT DISTINCT m.household_id, m.known_at, m.was_at, s.source_record_id,
           EXISTS (SELECT FROM identity.person_link l WHERE l.source_record_id = s.source_record_id
                     AND l.person_id = s.person_id AND l.known_to = 'infinity' AND l.known_from > m.known_at) AS has_joined
    FROM unexplained m JOIN subject s USING (household_id)
), joined_or_left AS (
    SELECT DISTINCT m.household_id FROM unexplained m JOIN identity.membership x USING (household_id)
    WHERE x.known_from > m.known_at OR x.known_to > m.known_at AND x.known_to < 'infinity'
), matched AS (
    -- a record that another person had, or has since: a first record of somebody corrects nothing
    SELECT m.household_id
    FROM unexplained m
    JOIN identity.membership x USING (household_id)
    JOIN identity.person_link l USING (person_id)
    JOIN identity.person_link o ON o.source_record_id = l.source_record_id AND o.person_id <> l.person_id
    WHERE x.known_to > m.known_at
      AND (l.known_from > m.known_at AND o.known_from <= m.known_at AND o.known_to > m.known_at
           OR l.known_from <= m.known_at AND l.known_to > m.known_at AND l.known_to < 'infinity' AND o.known_from > m.known_at)
    UNION
    SELECT m.household_id FROM unexplained m JOIN member p USING (household_id) JOIN identity.person_born b ON b.person_id = p.person_id WHERE b.known_from > m.known_at
), told AS (
    -- a look for each record, since few families move in a night: the planner would read every fact for them
    SELECT s.household_id, f.is_late
    FROM spoken_for s
    CROSS JOIN LATERAL (SELECT (f.known_from > s.known_at OR s.has_joined) AND f.starts_on <= s.was_at
                               OR f.known_to > s.known_at AND f.known_to < 'infinity' AS is_late
                        FROM core.fact f WHERE f.source_record_id = s.source_record_id
                          AND (f.known_from > s.known_at OR f.known_to > s.known_at AND f.known_to < 'infinity'
                               OR s.has_joined AND f.known_to = 'infinity') OFFSET 0) f
    UNION ALL
    SELECT m.household_id, f.known_from > m.known_at AND f.starts_on <= m.was_at OR f.known_to > m.known_at AND f.known_to < 'infinity'
    FROM unexplained m JOIN identity.household_ref x USING (household_id)
    JOIN core.fact f ON f.partner = x.partner AND f.family_ref = x.family_ref
    WHERE f.known_from > m.known_at OR f.known_to > m.known_at AND f.known_to < 'infinity'
), by_fact AS (
    SELECT household_id, bool_or(is_late) AS is_late FROM told GROUP BY household_id
)
SELECT m.household_id, CAST(:run_id AS bigint), CAST(:as_at AS date), m.status_was, m.status_is,
       CASE WHEN m.is_first THEN 'household change'
            WHEN m.by_claim THEN 'a claim'
            WHEN m.by_plan THEN 'plan change'
            WHEN j.household_id IS NOT NULL THEN 'household change'
            WHEN c.household_id IS NOT NULL THEN 'corrected match'
            WHEN f.is_late THEN 'late fact'
            WHEN f.household_id IS NOT NULL THEN 'new fact'
            ELSE 'a window edge' END
FROM moved m
LEFT JOIN joined_or_left j USING (household_id)
LEFT JOIN matched c USING (household_id)
LEFT JOIN by_fact f USING (household_id)
