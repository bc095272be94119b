-- what:  whom a request asked about, and when it was made
-- grain: person asked about
-- reads: returns.asked, returns.made
-- key:   our_ref
SELECT a.our_ref, a.person_id, m.made_at FROM returns.asked a JOIN returns.made m USING (made_id) WHERE made_id = :made_id
