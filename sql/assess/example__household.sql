-- What:  the household of a worked example, under a family reference of its own.
-- Grain: one household.   Reads: nothing.   Key: household_id.
WITH household AS (
    INSERT INTO identity.household (household_id, basis, run_id, known_from, known_to)
    VALUES (:household, 'early_help', 0, :known_from, :known_to)
)
INSERT INTO identity.household_ref (household_id, partner, family_ref, run_id, known_from, known_to)
VALUES (:household, 'example', :family, 0, :known_from, :known_to)
