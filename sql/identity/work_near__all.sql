-- what:  all that is listed
-- grain: listing
-- reads: identity.listing
-- key:   none
CREATE TEMP TABLE work_near ON COMMIT DROP AS
SELECT * FROM identity.listing
