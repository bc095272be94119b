-- what:  households to look at again: their own rows changed in this run, or a member's records, birth date or sex did
-- grain: household
-- reads: work_target, identity.household, identity.household_ref, identity.membership, work_link_change, work_person_change
-- key:   run_id, household_id
INSERT INTO identity.touched (run_id, household_id)
WITH person AS (
    SELECT was_id AS person_id FROM work_link_change WHERE was_id IS DISTINCT FROM now_id AND was_id IS NOT NULL
    UNION
    SELECT now_id FROM work_link_change WHERE was_id IS DISTINCT FROM now_id AND now_id IS NOT NULL
    UNION
    SELECT person_id FROM work_person_change
)
SELECT :run_id, household_id FROM (
    SELECT household_id FROM work_target JOIN identity.household USING (household_id) WHERE :known_at IN (known_from, known_to)
    UNION
    SELECT household_id FROM work_target JOIN identity.household_ref USING (household_id) WHERE :known_at IN (known_from, known_to)
    UNION
    SELECT household_id FROM work_target JOIN identity.membership USING (household_id) WHERE :known_at IN (known_from, known_to)
    UNION
    SELECT m.household_id FROM identity.membership m JOIN person USING (person_id) WHERE m.known_to = 'infinity'
) changed
