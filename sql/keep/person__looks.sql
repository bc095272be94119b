-- what:  who looked at a person and why: exports, packs with their name, look-ups, looks at a family of theirs, at the values of a pair
-- grain: look
-- reads: audit.event, identity.membership, identity.review_look
-- key:   none
SELECT happened_at, by_whom, act, because FROM audit.event
WHERE act IN ('export', 'pack with names', 'look up') AND subject = CAST(:person_id AS text)
   OR act = 'look' AND subject IN (SELECT 'household ' || household_id FROM identity.membership WHERE person_id = :person_id)
UNION ALL
SELECT looked_at, by_whom, 'look at a pair', '' FROM identity.review_look
WHERE source_record_a = ANY (CAST(:ids AS bigint[])) OR source_record_b = ANY (CAST(:ids AS bigint[]))
ORDER BY happened_at
