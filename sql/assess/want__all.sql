-- What:  every household known at an instant.
-- Grain: household.   Reads: identity.household.   Key: household_id.
INSERT INTO wanted SELECT DISTINCT household_id FROM identity.household WHERE known_from <= :known_at AND known_to > :known_at
