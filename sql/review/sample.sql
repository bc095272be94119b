-- what:  links drawn by a seed, to be looked at for their own sake: each a record with another that says who it is, joined across references
-- grain: pair
-- reads: identity.person_link, core.source_record, identity.review
-- key:   pair_id
WITH link AS (
    SELECT l.source_record_id, l.person_id, l.match_weight, l.because, l.decided_by, r.partner, r.person_ref
    FROM identity.person_link l
    JOIN core.source_record r ON r.source_record_id = l.source_record_id AND r.known_to = 'infinity'
    WHERE l.known_to = 'infinity' AND r.introduces
), pair AS (
    SELECT least(l.source_record_id, f.source_record_id) AS a, greatest(l.source_record_id, f.source_record_id) AS b,
           l.match_weight, l.because
    FROM link l JOIN link f ON f.source_record_id = l.person_id
    WHERE (l.partner, l.person_ref) <> (f.partner, f.person_ref) AND l.decided_by <> 'person'
)
SELECT left(md5(a || ':' || b), 10) AS pair_id, a AS record_a, b AS record_b, match_weight, because
FROM pair p
WHERE NOT EXISTS (SELECT FROM identity.review v WHERE (v.source_record_a, v.source_record_b) = (p.a, p.b) AND v.was_joined)
ORDER BY md5(a || ':' || b || ':' || :seed)
LIMIT :most
