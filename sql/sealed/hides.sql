-- what:  whether these two records are sealed from one another: then the platform knows of no such pair
-- grain: one row
-- reads: sealed.member, identity.person_link
-- key:   none
WITH side AS (
    SELECT m.seal_id, m.is_former, m.is_new, x.which
    FROM (VALUES (1, CAST(:a AS bigint)), (2, CAST(:b AS bigint))) AS x (which, id)
    LEFT JOIN identity.person_link mine ON mine.source_record_id = x.id AND mine.known_to = 'infinity'
    LEFT JOIN identity.person_link l ON l.person_id = mine.person_id AND l.known_to = 'infinity'
    JOIN sealed.member m ON m.source_record_id IN (x.id, l.source_record_id)
)
SELECT EXISTS (SELECT FROM side a JOIN side b USING (seal_id)
               WHERE a.which = 1 AND b.which = 2 AND (a.is_former AND b.is_new OR a.is_new AND b.is_former))
