-- what:  who belongs to which household on which days. A list of a whole family takes its people from every weaker household; a part
--        list (an episode's child, a tenancy's tenants) takes a person only on days when the weaker household holds nobody else
-- grain: household x person x spell
-- reads: work_held, work_target
-- key:   household_id, person_id, valid
CREATE TEMP TABLE work_membership ON COMMIT DROP AS
WITH basis AS (
    SELECT rank, confidence, lists = 'whole' AS is_whole
    FROM jsonb_to_recordset(cast(:bases AS jsonb)) AS b (rank int, confidence numeric, lists text)
), by_rank AS (
    SELECT h.person_id, h.rank, range_agg(CASE WHEN b.is_whole THEN h.days ELSE '{}' END) AS days
    FROM work_held h JOIN basis b USING (rank) WHERE h.is_in_several GROUP BY h.person_id, h.rank
), stronger AS (
    SELECT person_id, rank,
           range_agg(days) OVER (PARTITION BY person_id ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken
    FROM by_rank
), left_over AS (
    SELECT household_id, person_id, rank, basis, relationship, resident, is_in_several, days FROM work_held WHERE NOT is_in_several
    UNION ALL
    SELECT h.household_id, h.person_id, h.rank, h.basis, h.relationship, h.resident, true, h.days - coalesce(s.taken, '{}')
    FROM work_held h JOIN stronger s ON s.person_id = h.person_id AND s.rank = h.rank
    WHERE h.is_in_several
), named_twice AS (
    SELECT weak.household_id, weak.person_id, part.household_id AS part_id, part.days
    FROM left_over weak
    JOIN left_over part ON part.person_id = weak.person_id AND part.rank < weak.rank
    JOIN basis b ON b.rank = part.rank AND NOT b.is_whole
    WHERE weak.is_in_several AND part.is_in_several
), beside AS (
    SELECT t.household_id, t.part_id, range_agg(other.days) AS days
    FROM (SELECT DISTINCT household_id, part_id FROM named_twice) t
    JOIN left_over other ON other.household_id = t.household_id
    WHERE NOT EXISTS (SELECT FROM left_over listed WHERE listed.household_id = t.part_id AND listed.person_id = other.person_id)
    GROUP BY t.household_id, t.part_id
), said_already AS (
    SELECT t.household_id, t.person_id, range_agg(t.days - coalesce(b.days, '{}')) AS days
    FROM named_twice t LEFT JOIN beside b USING (household_id, part_id)
    GROUP BY t.household_id, t.person_id
)
SELECT l.household_id, l.person_id, valid, l.relationship, l.basis, b.confidence, l.resident
FROM left_over l
JOIN basis b USING (rank)
LEFT JOIN said_already a USING (household_id, person_id)
CROSS JOIN LATERAL unnest(CASE WHEN a.days IS NULL THEN l.days ELSE l.days - a.days END) AS valid
WHERE l.household_id IN (SELECT household_id FROM work_target)
