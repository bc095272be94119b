-- what:  who stands behind a pseudonym of the progress return
-- grain: household or person
-- reads: identity.household, identity.person, identity.pseudonym_key
-- key:   kind, id
SELECT i.kind, i.id
FROM (SELECT DISTINCT 'household' AS kind, household_id AS id FROM identity.household
      UNION ALL
      SELECT 'person', person_id FROM identity.person) i
CROSS JOIN identity.pseudonym_key k
WHERE encode(sha256(k.key || sha256(k.key || 'progress' || int8send(i.id))), 'hex') = lower(:pseudonym)
