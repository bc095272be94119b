-- what:  every household that stands or may come, where all are worked out anew
-- grain: household
-- reads: work_target_ref, identity.household, identity.household_ref, identity.membership
-- key:   household_id
CREATE TEMP TABLE work_target ON COMMIT DROP AS
SELECT core.hash_id('household|' || b.basis || '|' || t.partner || '|' || t.ref) AS household_id
FROM work_target_ref t CROSS JOIN jsonb_to_recordset(cast(:bases AS jsonb)) AS b (basis text)
UNION
SELECT household_id FROM identity.household WHERE known_to = 'infinity'
UNION
SELECT household_id FROM identity.household_ref WHERE known_to = 'infinity'
UNION
SELECT household_id FROM identity.membership WHERE known_to = 'infinity'
