-- what:  pairs of claims that hold, and exclude one another, and turn out to be for one child: raised once, settled by nobody but a person
-- grain: pair x child
-- reads: claim.people, claim.claim, claim.state, claim.exclusion
-- key:   claim_a, claim_b, person_id
WITH child AS MATERIALIZED (
    SELECT DISTINCT k.claim_id, k.person_id, c.plan_id, c.claimed_on, c.claim_ref
    FROM claim.people(NULL) k JOIN claim.claim c USING (claim_id) JOIN claim.state s USING (state)
    WHERE s.holds AND k.was_child AND k.person_id IS NOT NULL
)
INSERT INTO claim.conflict (claim_a, claim_b, person_id)
SELECT a.claim_id, b.claim_id, a.person_id
FROM child a
JOIN child b ON b.person_id = a.person_id AND (b.claimed_on, b.claim_ref) > (a.claimed_on, a.claim_ref)
JOIN claim.exclusion x ON x.plan_id = a.plan_id AND x.other = b.plan_id
ON CONFLICT DO NOTHING
