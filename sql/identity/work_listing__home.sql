-- what:  people of one home at the same time, where the home is a dwelling. A person's first stay reaches back to always, or to the day on
--        which the home's previous people had left. A communal home lists nobody
-- grain: person x stay
-- reads: work_at_home, work_occupied
-- key:   none
INSERT INTO work_listing (rank, partner, ref, home, person_id, days)
SELECT :rank, '', o.home || CASE WHEN first.occupation_no = 1 THEN '' ELSE ' from ' || first.seen_from END, o.home, s.person_id,
       daterange(CASE WHEN s.is_first THEN o.free_from ELSE s.seen_from END, s.until)
FROM work_occupied o
JOIN work_occupied first ON first.home = o.home AND first.occupation_no = o.household_no
JOIN work_at_home s ON s.home = o.home AND s.seen_from >= o.seen_from AND s.seen_from < o.until
WHERE NOT o.is_communal AND NOT first.is_communal AND cardinality(o.people) >= :fewest_people
