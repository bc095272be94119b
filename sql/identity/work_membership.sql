-- what:  who belongs to which household on which days: what each basis lists, less the days on which a stronger one lists the person
-- grain: household x person x spell
-- reads: work_held
-- key:   household_id, person_id, valid
CREATE TEMP TABLE work_membership ON COMMIT DROP AS
WITH by_rank AS (
    SELECT person_id, rank, range_agg(days) AS days FROM work_held WHERE is_in_several GROUP BY person_id, rank
), stronger AS (
    SELECT person_id, rank,
           range_agg(days) OVER (PARTITION BY person_id ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken
    FROM by_rank
), left_over AS (
    SELECT household_id, person_id, rank, basis, relationship, days FROM work_held WHERE NOT is_in_several
    UNION ALL
    SELECT h.household_id, h.person_id, h.rank, h.basis, h.relationship, h.days - coalesce(s.taken, '{}')
    FROM work_held h JOIN stronger s ON s.person_id = h.person_id AND s.rank = h.rank
    WHERE h.is_in_several
)
SELECT l.household_id, l.person_id, valid, l.relationship, l.basis, b.confidence
FROM left_over l
JOIN jsonb_to_recordset(cast(:bases AS jsonb)) AS b (rank int, confidence numeric) ON b.rank = l.rank
CROSS JOIN LATERAL unnest(l.days) AS valid
