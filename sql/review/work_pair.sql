-- what:  the pairs that wait for a person: one for each two persons, of the gravest kind. A pair on which somebody's word stands is gone,
--        unless a refresh could not obey it for another word that contradicts it; a sealed one (never) is never here
-- grain: unordered pair of persons (of records, where one waits for its person)
-- reads: identity.contradiction, identity.uncertain, identity.person_link, identity.decision, identity.run
-- key:   a, b (source records, a < b)
CREATE TEMP TABLE work_pair ON COMMIT DROP AS
WITH listed AS (
    SELECT least(source_record_a, source_record_b) AS a, greatest(source_record_a, source_record_b) AS b, kind, match_weight, because
    FROM identity.uncertain WHERE known_to = 'infinity'
    UNION ALL
    SELECT least(source_record_a, source_record_b), greatest(source_record_a, source_record_b), 'refused', NULL, because
    FROM identity.contradiction WHERE known_to = 'infinity'
), said AS (
    SELECT DISTINCT ON (1, 2) least(source_record_a, source_record_b) AS a, greatest(source_record_a, source_record_b) AS b, says,
           decided_at <= (SELECT max(known_at) FROM identity.run) AS is_seen
    FROM identity.decision ORDER BY 1, 2, decided_at DESC, says
), person AS (
    SELECT source_record_id, person_id FROM identity.person_link WHERE known_to = 'infinity'
), said_of AS (
    SELECT least(coalesce(pa.person_id, s.a), coalesce(pb.person_id, s.b)) AS one,
           greatest(coalesce(pa.person_id, s.a), coalesce(pb.person_id, s.b)) AS other,
           bool_or(s.says = 'never') AS is_sealed, bool_or(s.says = 'same' AND s.is_seen) AS is_same
    FROM said s
    LEFT JOIN person pa ON pa.source_record_id = s.a
    LEFT JOIN person pb ON pb.source_record_id = s.b
    WHERE s.says <> 'undo'
    GROUP BY 1, 2
), placed AS (
    SELECT l.*, coalesce(pa.person_id, l.a) AS person_a, coalesce(pb.person_id, l.b) AS person_b,
           least(coalesce(pa.person_id, l.a), coalesce(pb.person_id, l.b)) AS one,
           greatest(coalesce(pa.person_id, l.a), coalesce(pb.person_id, l.b)) AS other
    FROM listed l
    LEFT JOIN person pa ON pa.source_record_id = l.a
    LEFT JOIN person pb ON pb.source_record_id = l.b
), kept AS (
    SELECT p.*, CASE WHEN d.is_same THEN 'conflict' ELSE p.kind END AS listed_as
    FROM placed p LEFT JOIN said_of d USING (one, other)
    WHERE p.person_a <> p.person_b AND (d.one IS NULL OR (d.is_same AND NOT d.is_sealed))
)
SELECT DISTINCT ON (one, other) a, b, person_a, person_b, listed_as, match_weight, because,
       left(md5(a || ':' || b), 10) AS pair_id,
       count(*) OVER (PARTITION BY one, other) AS n_reasons
FROM kept
ORDER BY one, other, array_position(ARRAY['conflict', 'refused', 'uncertain', 'twins'], listed_as), match_weight DESC NULLS LAST, a, b, because
