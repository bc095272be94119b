-- what:  record whose data a return took out
-- grain: return x person
-- reads: -
-- key:   made_id, person_id
INSERT INTO returns.disclosed (made_id, person_id) SELECT DISTINCT :made_id, p FROM unnest(CAST(:people AS bigint[])) AS p
