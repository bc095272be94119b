-- what:  the pairs that wait, in the order of what a decision would change: a claim, an attached family, a family with problems, any household;
--        then contradicting words, refusals, the uncertain by weight, twins
-- grain: pair
-- reads: work_pair, identity.membership, assess.readiness, identity.review, work_claimed
-- key:   pair_id
WITH person AS (
    SELECT person_a AS person_id FROM work_pair UNION SELECT person_b FROM work_pair
), standing AS (
    SELECT p.person_id, count(DISTINCT m.household_id) AS households, bool_or(r.status = 'claimed') AS is_claimed,
           bool_or(r.attached_on IS NOT NULL) AS is_attached, coalesce(max(cardinality(r.problems_present)), 0) AS problems
    FROM person p
    JOIN identity.membership m ON m.person_id = p.person_id AND m.known_to = 'infinity'
    LEFT JOIN assess.readiness r ON r.household_id = m.household_id
    GROUP BY p.person_id
), weighed AS (
    SELECT w.*, coalesce(a.is_claimed, false) OR coalesce(b.is_claimed, false)
             OR EXISTS (SELECT FROM work_claimed c WHERE c.person_id IN (w.person_a, w.person_b)) AS touches_claim,
           coalesce(a.is_attached, false) OR coalesce(b.is_attached, false) AS touches_attached,
           greatest(a.problems, b.problems, 0) AS problems,
           coalesce(a.households, 0) + coalesce(b.households, 0) AS households
    FROM work_pair w
    LEFT JOIN standing a ON a.person_id = w.person_a
    LEFT JOIN standing b ON b.person_id = w.person_b
), said AS (
    SELECT DISTINCT ON (source_record_a, source_record_b) source_record_a AS a, source_record_b AS b, says, by_whom, decides
    FROM identity.review ORDER BY source_record_a, source_record_b, review_id DESC
)
SELECT w.pair_id, w.listed_as, w.a AS record_a, w.b AS record_b, w.person_a, w.person_b, w.match_weight, w.because, w.n_reasons,
       w.touches_claim, w.touches_attached, w.problems, w.households,
       CASE WHEN w.touches_claim THEN 'a claim' WHEN w.touches_attached THEN 'an attached family'
            WHEN w.problems > 0 THEN 'a family with problems' WHEN w.households > 0 THEN 'a household' ELSE 'no household' END AS would_change,
       CASE WHEN NOT s.decides AND s.says <> 'undo' THEN s.says END AS waits_for_second,
       CASE WHEN NOT s.decides AND s.says <> 'undo' THEN s.by_whom END AS said_by,
       count(*) OVER () AS n_waiting
FROM weighed w LEFT JOIN said s USING (a, b)
WHERE cast(:kind AS text) IS NULL OR w.listed_as = :kind
ORDER BY w.touches_claim DESC, w.touches_attached DESC, w.problems DESC, w.households > 0 DESC,
         array_position(ARRAY['conflict', 'refused', 'uncertain', 'twins'], w.listed_as), w.match_weight DESC NULLS LAST, w.a, w.b
LIMIT :most
