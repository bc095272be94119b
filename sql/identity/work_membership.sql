-- what:  who belongs to which household on which days: what each basis lists, less the days on which a stronger basis lists the person.
--        Days that touch are one spell. The relationship is the latest listing's
-- grain: household x person x spell
-- reads: work_listing, work_house
-- key:   household_id, person_id, valid
CREATE TEMP TABLE work_membership ON COMMIT DROP AS
WITH basis AS (
    SELECT * FROM jsonb_to_recordset(cast(:bases AS jsonb)) AS b (rank int, confidence numeric)
), held AS (
    SELECT h.rank, h.basis, h.household_id, l.person_id, range_agg(l.days) AS days,
           (array_agg(l.role ORDER BY lower(l.days) DESC NULLS LAST, l.role))[1] AS relationship
    FROM work_listing l JOIN work_house h USING (rank, partner, ref)
    WHERE h.rank = h.house_rank
    GROUP BY h.rank, h.basis, h.household_id, l.person_id
), by_rank AS (
    SELECT person_id, rank, range_agg(days) AS days FROM held GROUP BY person_id, rank
), stronger AS (
    SELECT person_id, rank,
           range_agg(days) OVER (PARTITION BY person_id ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken
    FROM by_rank
)
SELECT h.household_id, h.person_id, valid, h.relationship, h.basis, b.confidence
FROM held h
JOIN stronger s USING (person_id, rank)
JOIN basis b USING (rank)
CROSS JOIN LATERAL unnest(h.days - coalesce(s.taken, '{}')) AS valid
