-- what:  the pair of this name: of those that wait or that somebody spoke of, by the first letters of its id; a link, by its whole id;
--        any two records, by their ids
-- grain: pair
-- reads: work_pair, identity.review, identity.person_link, core.source_record
-- key:   a, b
WITH known AS (
    SELECT a, b, pair_id, listed_as, match_weight, because FROM work_pair
    UNION ALL
    SELECT source_record_a, source_record_b, left(md5(source_record_a || ':' || source_record_b), 10), NULL, NULL, NULL
    FROM identity.review
    UNION ALL
    SELECT least(source_record_id, person_id), greatest(source_record_id, person_id), cast(:named AS text), NULL, NULL, NULL
    FROM identity.person_link
    WHERE cast(:first AS bigint) IS NULL AND length(:named) = 10 AND known_to = 'infinity' AND source_record_id <> person_id
      AND left(md5(least(source_record_id, person_id) || ':' || greatest(source_record_id, person_id)), 10) = :named
    UNION ALL
    SELECT least(x.id, y.id), greatest(x.id, y.id), left(md5(least(x.id, y.id) || ':' || greatest(x.id, y.id)), 10), NULL, NULL, NULL
    FROM (SELECT DISTINCT source_record_id AS id FROM core.source_record WHERE source_record_id = cast(:first AS bigint)) x
    CROSS JOIN (SELECT DISTINCT source_record_id AS id FROM core.source_record WHERE source_record_id = cast(:second AS bigint)) y
), one AS (
    SELECT a, b, pair_id, max(listed_as) AS listed_as, max(match_weight) AS match_weight, max(because) AS because
    FROM known
    WHERE a <> b AND CASE WHEN cast(:first AS bigint) IS NULL THEN starts_with(pair_id, :named)
                     ELSE (a, b) = (least(cast(:first AS bigint), :second), greatest(cast(:first AS bigint), :second)) END
    GROUP BY a, b, pair_id
)
SELECT o.pair_id, o.a, o.b, pa.person_id AS person_a, pb.person_id AS person_b, o.match_weight, o.because,
       pa.person_id = pb.person_id AS is_joined,
       CASE WHEN pa.person_id = pb.person_id THEN 'joined' ELSE coalesce(o.listed_as, 'unlisted') END AS listed_as
FROM one o
LEFT JOIN identity.person_link pa ON pa.source_record_id = o.a AND pa.known_to = 'infinity'
LEFT JOIN identity.person_link pb ON pb.source_record_id = o.b AND pb.known_to = 'infinity'
ORDER BY o.pair_id
LIMIT 3
