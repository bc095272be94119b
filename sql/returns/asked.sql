-- what:  whom a request asked about
-- grain: person asked about
-- reads: returns.asked
-- key:   our_ref
SELECT our_ref, person_id FROM returns.asked WHERE made_id = :made_id
