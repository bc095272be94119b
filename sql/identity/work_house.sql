-- what:  which household each reference is. References with exactly the same people, where the basis says so, are one: the
--        strongest, smallest names it. A reference that family facts name stands even if it lists nobody
-- grain: basis x partner x reference
-- reads: work_near, work_target_ref, core.fact, core.kind
-- key:   rank, partner, ref
CREATE TEMP TABLE work_house ON COMMIT DROP AS
WITH basis AS (
    SELECT rank, basis, coalesce(ref = 'family_ref', false) AS is_family_ref, coalesce(same_people_are_one, false) AS same_people_are_one,
           named_by_domain
    FROM jsonb_to_recordset(cast(:bases AS jsonb))
      AS b (rank int, basis text, ref text, same_people_are_one boolean, named_by_domain text)
), named AS (
    SELECT min(b.rank) AS rank, f.partner, f.family_ref AS ref
    FROM (SELECT partner, ref FROM work_target_ref UNION SELECT partner, ref FROM work_near) t
    JOIN core.fact f ON f.partner = t.partner AND f.family_ref = t.ref
    JOIN core.kind k USING (kind) JOIN basis b ON b.named_by_domain = k.domain
    WHERE f.known_to = 'infinity' AND f.source_record_id IS NULL
    GROUP BY f.partner, f.family_ref
), listed AS (
    SELECT l.rank, l.partner, l.ref, b.is_family_ref,
           CASE WHEN b.same_people_are_one THEN array_agg(DISTINCT l.person_id ORDER BY l.person_id) END AS people
    FROM work_near l JOIN basis b USING (rank)
    GROUP BY l.rank, l.partner, l.ref, b.is_family_ref, b.same_people_are_one
), headed AS (
    SELECT rank, partner, ref, is_family_ref,
           first_value(rank) OVER same AS house_rank, first_value(partner) OVER same AS house_partner,
           first_value(ref) OVER same AS house_ref
    FROM listed WHERE people IS NOT NULL
    WINDOW same AS (PARTITION BY people ORDER BY rank, partner COLLATE "C", ref COLLATE "C")
    UNION ALL
    SELECT rank, partner, ref, is_family_ref, rank, partner, ref
    FROM listed WHERE people IS NULL
    UNION ALL
    SELECT n.rank, n.partner, n.ref, true, n.rank, n.partner, n.ref
    FROM named n
    WHERE NOT EXISTS (SELECT FROM listed l WHERE l.is_family_ref AND (l.partner, l.ref) = (n.partner, n.ref))
)
SELECT h.rank, h.partner, h.ref, h.house_rank, b.basis, h.is_family_ref, n.ref IS NOT NULL AS is_named,
       core.hash_id('household|' || b.basis || '|' || h.house_partner || '|' || h.house_ref) AS household_id
FROM headed h
JOIN basis b ON b.rank = h.house_rank
LEFT JOIN named n ON h.is_family_ref AND n.partner = h.partner AND n.ref = h.ref
