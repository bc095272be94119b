-- What:  their source records.
-- Grain: household x person x source record.   Reads: working_age, identity.person_link.   Key: household_id, person_id, source_record_id.
CREATE TEMP TABLE worker_record ON COMMIT DROP AS
SELECT w.household_id, w.person_id, w.plan_id, l.source_record_id
FROM working_age w JOIN identity.person_link l USING (person_id)
WHERE l.known_from <= :known_at AND l.known_to > :known_at
