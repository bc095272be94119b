-- what:  whether a household was known at an instant
-- grain: one row
-- reads: identity.household
-- key:   none
SELECT EXISTS (SELECT FROM identity.household
               WHERE household_id = :household_id AND known_from <= CAST(:known_at AS timestamptz) AND known_to > CAST(:known_at AS timestamptz))
