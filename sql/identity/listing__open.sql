-- what:  remember the listings that were read anew
-- grain: listing
-- reads: work_listing
-- key:   none
INSERT INTO identity.listing (rank, partner, ref, home, person_id, days, role, resident)
SELECT rank, partner, ref, home, person_id, days, role, resident FROM work_listing
