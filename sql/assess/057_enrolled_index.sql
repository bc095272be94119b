-- What:  the way to a person's enrolments.
-- Grain: as enrolled.   Reads: enrolled.   Key: as enrolled.
CREATE INDEX ON enrolled (household_id, person_id)
