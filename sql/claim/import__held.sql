-- what:  rows that claim for a child for whom another claim stands already, or a claim that is first in the file; and the other rows of
--        such a claim, where it is new or would move: a claim for a family that has been claimed for is refused whole. Of the file's
--        own claims only one that nothing can refuse any more refuses others: ask again, without what was found, until nothing is
-- grain: line
-- reads: incoming, claim.*, identity.person_link, identity.person, core.feed, core.source_record
-- key:   line
WITH known AS MATERIALIZED (
    SELECT i.line, i.claim_ref, i.plan_id, i.partner, i.person_ref, min(l.person_id) AS person_id
    FROM incoming i
    JOIN claim.state t ON t.state = i.state AND t.holds
    JOIN core.feed f ON f.partner IN (i.partner, 'any')
    LEFT JOIN core.source_record s ON s.known_to = 'infinity'
        AND s.source_record_id = core.hash_id('person|' || i.partner || '|' || f.feed || '|' || i.person_ref)
    LEFT JOIN identity.person_link l ON l.source_record_id = s.source_record_id AND l.known_to = 'infinity'
    LEFT JOIN identity.person p ON p.person_id = l.person_id
    GROUP BY i.line, i.claim_ref, i.plan_id, i.claimed_on, i.partner, i.person_ref
    HAVING i.claimed_on < assess.after_months(coalesce(min(p.date_of_birth), min(s.date_of_birth)), 12 * claim.adult_age(i.plan_id))
), known_as AS (
    SELECT line, claim_ref, plan_id, partner, person_ref FROM known
    UNION
    SELECT k.line, k.claim_ref, k.plan_id, s.partner, s.person_ref
    FROM known k
    JOIN identity.person_link l ON l.person_id = k.person_id AND l.known_to = 'infinity'
    JOIN core.source_record s ON s.source_record_id = l.source_record_id AND s.known_to = 'infinity'
), held AS (
    SELECT a.line, a.claim_ref, c.claim_ref AS other
    FROM known_as a
    JOIN claim.exclusion x ON x.plan_id = a.plan_id
    JOIN claim.child_hold h ON h.partner = a.partner AND h.person_ref = a.person_ref
         AND h.plans = least(a.plan_id, x.other) || '|' || greatest(a.plan_id, x.other)
    JOIN claim.claim c ON c.claim_id = h.claim_id AND c.claim_ref <> a.claim_ref
), ordered AS (
    SELECT claim_ref, min(line) AS first FROM incoming GROUP BY claim_ref
), rival AS (
    SELECT b.line, b.claim_ref, a.claim_ref AS other
    FROM known_as a
    JOIN known_as b ON b.partner = a.partner AND b.person_ref = a.person_ref
    JOIN claim.exclusion x ON x.plan_id = a.plan_id AND x.other = b.plan_id
    JOIN ordered e ON e.claim_ref = a.claim_ref
    JOIN ordered l ON l.claim_ref = b.claim_ref AND l.first > e.first
), found AS (
    SELECT * FROM held
    UNION ALL
    SELECT * FROM rival WHERE other NOT IN (SELECT claim_ref FROM held UNION SELECT claim_ref FROM rival)
)
SELECT i.line, min(f.other) AS other_ref, bool_or(i.line = f.line) AS is_child
FROM found f
JOIN incoming i USING (claim_ref)
LEFT JOIN claim.claim c USING (claim_ref)
WHERE i.line = f.line OR c.claim_id IS NULL OR c.state <> i.state
GROUP BY i.line
