-- what:  the people whom the facts of one basis list under a reference. A fact that ends before it starts lists nobody
-- grain: fact
-- reads: core.fact, core.kind, identity.person_link
-- key:   none
INSERT INTO work_listing (rank, partner, ref, person_id, days, role, resident)
SELECT :rank, f.partner, CASE :ref WHEN 'family_ref' THEN f.family_ref ELSE f.ref END, l.person_id,
       CASE WHEN :dated THEN daterange(f.starts_on, f.ends_on) ELSE daterange(NULL, NULL) END,
       CASE WHEN :relationship THEN f.role END, CASE WHEN :flag_is_residence THEN f.is_flagged END
FROM core.fact f
JOIN identity.person_link l ON l.source_record_id = f.source_record_id AND l.known_to = 'infinity'
WHERE f.known_to = 'infinity'
  AND f.kind = ANY(:kinds)
  AND CASE :ref WHEN 'family_ref' THEN f.family_ref ELSE f.ref END IS NOT NULL
  AND (NOT :dated OR coalesce(f.starts_on < f.ends_on, true))
