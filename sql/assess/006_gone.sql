-- What:  households that are no more: their verdicts go with them.
-- Grain: household.   Reads: identity.household.   Key: household_id.
WITH gone AS (
    SELECT household_id FROM assess.readiness r
    WHERE NOT EXISTS (SELECT FROM identity.household h WHERE h.household_id = r.household_id AND h.known_to = 'infinity')
), e AS (DELETE FROM assess.facts_used WHERE household_id IN (SELECT household_id FROM gone)),
   c AS (DELETE FROM assess.criterion_verdict WHERE household_id IN (SELECT household_id FROM gone)),
   p AS (DELETE FROM assess.problem_verdict WHERE household_id IN (SELECT household_id FROM gone)),
   m AS (DELETE FROM assess.missing WHERE household_id IN (SELECT household_id FROM gone)),
   l AS (DELETE FROM assess.lapse WHERE household_id IN (SELECT household_id FROM gone)),
   s AS (DELETE FROM assess.missed WHERE household_id IN (SELECT household_id FROM gone)),
   d AS (DELETE FROM assess.due WHERE household_id IN (SELECT household_id FROM gone))
DELETE FROM assess.readiness WHERE household_id IN (SELECT household_id FROM gone)
