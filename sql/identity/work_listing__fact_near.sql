-- what:  the people whom the facts of one basis list under the references that are read anew. A fact that ends before it starts lists nobody
-- grain: fact
-- reads: work_ref, core.fact, identity.person_link
-- key:   none
INSERT INTO work_listing (rank, partner, ref, person_id, days, role, resident)
SELECT :rank, w.partner, w.ref, l.person_id,
       CASE WHEN :dated THEN daterange(f.starts_on, f.ends_on) ELSE daterange(NULL, NULL) END,
       CASE WHEN :relationship THEN f.role END, CASE WHEN :flag_is_residence THEN f.is_flagged END
FROM work_ref w
CROSS JOIN LATERAL (
    SELECT x.source_record_id, x.starts_on, x.ends_on, x.role, x.is_flagged FROM core.fact x
    WHERE :ref = 'family_ref' AND x.partner = w.partner AND x.family_ref = w.ref AND x.kind = ANY(:kinds) AND x.known_to = 'infinity'
    UNION ALL
    SELECT x.source_record_id, x.starts_on, x.ends_on, x.role, x.is_flagged FROM core.fact x
    WHERE :ref = 'ref' AND x.partner = w.partner AND x.ref = w.ref AND x.kind = ANY(:kinds) AND x.known_to = 'infinity'
) f
JOIN identity.person_link l ON l.source_record_id = f.source_record_id AND l.known_to = 'infinity'
WHERE NOT :dated OR coalesce(f.starts_on < f.ends_on, true)
