-- what:  people of one home at the same time. Stays that overlap form one household; when all have left, who comes next is another.
--        A person's first stay reaches back to always, or to the day on which the home's previous household had left.
--        Where more than :most_people were seen in one household, the home is communal and lists nobody
-- grain: person x stay
-- reads: work_stay
-- key:   none
INSERT INTO work_listing (rank, partner, ref, person_id, days, role)
WITH ordered AS (
    SELECT *, max(coalesce(until, 'infinity')) OVER (PARTITION BY home ORDER BY seen_from, person_id
                                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
    FROM work_stay
), numbered AS (
    SELECT *, count(*) FILTER (WHERE taken_until IS NULL OR seen_from >= taken_until)
              OVER (PARTITION BY home ORDER BY seen_from, person_id) AS household_no
    FROM ordered
), household AS (
    SELECT home, household_no, min(seen_from) AS seen_from, count(DISTINCT person_id) AS n_people,
           lag(max(coalesce(until, 'infinity'))) OVER (PARTITION BY home ORDER BY household_no) AS free_from
    FROM numbered GROUP BY home, household_no
)
SELECT :rank, '', home || CASE WHEN h.household_no = 1 THEN '' ELSE ' from ' || h.seen_from END, n.person_id,
       daterange(CASE WHEN n.is_first THEN h.free_from ELSE n.seen_from END, n.until), NULL
FROM numbered n JOIN household h USING (home, household_no)
WHERE h.n_people BETWEEN :fewest_people AND :most_people
