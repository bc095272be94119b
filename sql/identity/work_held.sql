-- what:  who is listed in which household on which days; days that touch are one spell. Relationship and residence are the latest listing's.
--        A reference that is another household's second name lists nobody itself
-- grain: household x person
-- reads: work_near, work_house
-- key:   household_id, person_id. is_in_several = several bases list the person
CREATE TEMP TABLE work_held ON COMMIT DROP AS
SELECT h.rank, h.basis, h.household_id, l.person_id, range_agg(l.days) AS days,
       (array_agg(l.role ORDER BY lower(l.days) DESC NULLS LAST, l.role))[1] AS relationship,
       (array_agg(l.resident ORDER BY lower(l.days) DESC NULLS LAST, l.role, l.resident))[1] AS resident,
       min(h.rank) OVER person <> max(h.rank) OVER person AS is_in_several
FROM work_near l JOIN work_house h USING (rank, partner, ref)
WHERE h.rank = h.house_rank
GROUP BY h.rank, h.basis, h.household_id, l.person_id
WINDOW person AS (PARTITION BY l.person_id)
