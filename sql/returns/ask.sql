-- what:  record whom a request asked about
-- grain: request x person
-- reads: -
-- key:   made_id, our_ref
INSERT INTO returns.asked (made_id, our_ref, person_id)
SELECT :made_id, x.our_ref, x.person_id
FROM unnest(CAST(:our_refs AS text[]), CAST(:people AS bigint[])) AS x(our_ref, person_id)
