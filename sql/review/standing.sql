-- what:  the word that stands on a pair, if any, and whether any word between the two persons seals them
-- grain: one row
-- reads: identity.decision, identity.person_link
-- key:   none
WITH said AS (
    SELECT DISTINCT ON (1, 2) least(source_record_a, source_record_b) AS a, greatest(source_record_a, source_record_b) AS b, says, by_whom, because, decided_at
    FROM identity.decision ORDER BY 1, 2, decided_at DESC, says
), person AS (
    SELECT source_record_id, person_id FROM identity.person_link WHERE known_to = 'infinity'
)
SELECT (SELECT says FROM said WHERE (a, b) = (cast(:a AS bigint), cast(:b AS bigint)) AND says <> 'undo') AS says,
       EXISTS (SELECT FROM said s
               LEFT JOIN person pa ON pa.source_record_id = s.a
               LEFT JOIN person pb ON pb.source_record_id = s.b
               WHERE s.says = 'never'
                 AND (least(coalesce(pa.person_id, s.a), coalesce(pb.person_id, s.b)), greatest(coalesce(pa.person_id, s.a), coalesce(pb.person_id, s.b)))
                   = (SELECT least(coalesce(x.person_id, :a), coalesce(y.person_id, :b)), greatest(coalesce(x.person_id, :a), coalesce(y.person_id, :b))
                      FROM (VALUES (1)) one (n)
                      LEFT JOIN person x ON x.source_record_id = :a
                      LEFT JOIN person y ON y.source_record_id = :b)) AS is_sealed
