-- what:  all stays at the homes that are listed anew. Stays that overlap are one occupation; when all have left, who comes next is another
-- grain: person x stay
-- reads: work_home, identity.stay
-- key:   person_id, seen_from
CREATE TEMP TABLE work_at_home ON COMMIT DROP AS
WITH ordered AS (
    SELECT s.*, max(coalesce(s.until, 'infinity')) OVER (PARTITION BY s.home ORDER BY s.seen_from, s.person_id
                                                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
    FROM (SELECT DISTINCT home FROM work_home) h JOIN identity.stay s USING (home)
)
SELECT person_id, home, seen_from, is_first, until, called,
       count(*) FILTER (WHERE taken_until IS NULL OR seen_from >= taken_until)
           OVER (PARTITION BY home ORDER BY seen_from, person_id) AS occupation_no
FROM ordered
