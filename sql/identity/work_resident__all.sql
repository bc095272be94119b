-- what:  every person, where all homes are worked out anew
-- grain: person
-- reads: identity.person_link
-- key:   person_id
CREATE TEMP TABLE work_resident ON COMMIT DROP AS
SELECT DISTINCT person_id FROM identity.person_link WHERE known_to = 'infinity'
