-- What:  the earliest claim that stands for each household on the as-at day: one that its plan excludes, or that excludes its plan, for a
--        child who is a member now (a member of unknown age may have been one), or for a family reference that the household answers to.
--        A withdrawn or clawed-back claim does not stand. People are found through their source records, whatever person those are today.
-- Grain: household.   Reads: hh, member, plan, shares_result, claim.*, identity.person_link, identity.household_ref.   Key: household_id.
INSERT INTO standing_claim (household_id, claim_ref)
WITH excluded AS (
    -- either way, by the plans that this run judges by: of a past day, as they were then
    SELECT plan_id, other FROM shares_result UNION SELECT other, plan_id FROM shares_result UNION SELECT plan_id, plan_id FROM plan
), stands AS MATERIALIZED (
    SELECT c.claim_id, c.claim_ref, c.claimed_on, x.other AS plan_id
    FROM (SELECT DISTINCT ON (claim_id) claim_id, state_is FROM claim.transfer
          WHERE happened_at <= :known_at ORDER BY claim_id, transfer_id DESC) t
    JOIN claim.state s ON s.state = t.state_is AND s.stands
    JOIN claim.claim c ON c.claim_id = t.claim_id AND c.claimed_on <= :as_at
    JOIN excluded x ON x.plan_id = c.plan_id
), claimed_person AS (
    SELECT DISTINCT s.plan_id, s.claim_ref, s.claimed_on, l.person_id
    FROM stands s
    JOIN claim.person p ON p.claim_id = s.claim_id AND p.recorded_at <= :known_at
    JOIN claim.person_record r ON r.claim_id = p.claim_id AND r.partner = p.partner AND r.person_ref = p.person_ref
    JOIN identity.person_link l ON l.source_record_id = r.source_record_id AND l.known_from <= :known_at AND l.known_to > :known_at
)
SELECT DISTINCT ON (household_id) household_id, claim_ref
FROM (SELECT h.household_id, p.claim_ref, p.claimed_on
      FROM claimed_person p
      JOIN member m ON m.person_id = p.person_id AND m.valid @> CAST(:as_at AS date)
      JOIN hh h ON h.household_id = m.household_id AND h.plan_id = p.plan_id
      WHERE NOT m.is_dated OR p.claimed_on < upper(m.child)
      UNION ALL
      SELECT h.household_id, s.claim_ref, s.claimed_on
      FROM stands s
      JOIN claim.family f ON f.claim_id = s.claim_id AND f.recorded_at <= :known_at
      JOIN identity.household_ref r ON r.partner = f.partner AND r.family_ref = f.family_ref AND r.known_from <= :known_at AND r.known_to > :known_at
      JOIN hh h ON h.household_id = r.household_id AND h.plan_id = s.plan_id) found
ORDER BY household_id, claimed_on, claim_ref
