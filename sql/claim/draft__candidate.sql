-- what:  the ready households of the latest run with a plan's result and money, and whatever stands in the way of a claim for each:
--        a claim that holds one of its children or the household itself
-- grain: household
-- reads: assess.readiness, identity.membership, identity.person, identity.person_link, core.source_record, claim.*
-- key:   household_id
CREATE TEMP TABLE candidate ON COMMIT DROP AS
WITH ready AS (
    SELECT r.household_id, r.plan_id, r.result, r.value_pounds, r.problems_present, r.attached_on,
           row_number() OVER (ORDER BY r.attached_on, r.household_id) AS nth
    FROM assess.readiness r
    WHERE r.status = 'ready' AND (CAST(:plan_id AS text) IS NULL OR r.plan_id = :plan_id)
      AND (CAST(:households AS bigint[]) IS NULL OR r.household_id = ANY (CAST(:households AS bigint[])))
), child AS MATERIALIZED (
    SELECT r.household_id, r.plan_id, r.nth, m.person_id
    FROM ready r
    JOIN identity.membership m ON m.household_id = r.household_id AND m.known_to = 'infinity' AND m.valid @> CAST(:as_at AS date)
    JOIN identity.person p ON p.person_id = m.person_id
    WHERE :as_at < assess.after_months(p.date_of_birth, 12 * claim.adult_age(r.plan_id))
), held AS (
    SELECT c.household_id, min(o.claim_ref) AS other
    FROM child c
    JOIN identity.person_link l ON l.person_id = c.person_id AND l.known_to = 'infinity'
    JOIN core.source_record s ON s.source_record_id = l.source_record_id AND s.known_to = 'infinity'
    JOIN claim.exclusion x ON x.plan_id = c.plan_id
    JOIN claim.child_hold h ON h.partner = s.partner AND h.person_ref = s.person_ref
         AND h.plans = least(c.plan_id, x.other) || '|' || greatest(c.plan_id, x.other)
    JOIN claim.claim o ON o.claim_id = h.claim_id
    GROUP BY c.household_id
)
SELECT r.household_id, r.plan_id, r.result, r.value_pounds, cardinality(r.problems_present) AS problems,
       CASE WHEN h.other IS NOT NULL THEN 'a claim holds one of its children: ' || h.other
            WHEN o.claim_ref IS NOT NULL THEN 'a claim holds it: ' || o.claim_ref END AS refused,
       array(SELECT c.person_id FROM child c WHERE c.household_id = r.household_id) AS children, r.nth
FROM ready r
LEFT JOIN held h USING (household_id)
LEFT JOIN LATERAL (SELECT min(c.claim_ref) AS claim_ref FROM claim.claim c JOIN claim.state t USING (state)
                   WHERE t.holds AND c.household_id = r.household_id AND c.plan_id = r.plan_id) o ON true
