-- what:  how right the matching is, measured by reviewers' words: precision of the links that were drawn and looked at, and recall among
--        the pairs that are looked at at all (a pair that no evidence brings together is in neither)
-- grain: measure x stratum
-- reads: identity.review, identity.person_link, identity.uncertain, identity.contradiction, core.source_record
-- key:   measure, stratum
-- columns:
--   measure: precision (links that are right), missed (pairs kept apart that are one person), recall (over all strata)
--   stratum: joined, or as the pair was listed: conflict, refused, uncertain, twins, unlisted; all for recall
--   pairs: how many pairs there are, the reviewed ones with them
--   reviewed: how many of them reviewers spoke of; recall: of all strata
--   said_same: of those, how many are one person
--   share: the measure; blank where nobody has looked
--   low: the lower end of its 95% interval (Wilson's; of recall the worst that the strata's intervals allow)
--   high: the upper end
CREATE OR REPLACE VIEW mart.match_quality_v1 AS
WITH first AS (
    SELECT DISTINCT ON (source_record_a, source_record_b) source_record_a, source_record_b, listed_as
    FROM identity.review ORDER BY source_record_a, source_record_b, review_id
), last AS (
    SELECT DISTINCT ON (source_record_a, source_record_b) source_record_a, source_record_b, says
    FROM identity.review ORDER BY source_record_a, source_record_b, review_id DESC
), looked AS (
    SELECT f.listed_as AS stratum, count(*) AS reviewed, count(*) FILTER (WHERE l.says = 'same') AS said_same
    FROM first f JOIN last l USING (source_record_a, source_record_b) WHERE l.says <> 'undo' GROUP BY f.listed_as
), standing AS (
    SELECT 'joined' AS stratum, count(*) AS pairs
    FROM identity.person_link l
    JOIN core.source_record r ON r.source_record_id = l.source_record_id AND r.known_to = 'infinity' AND r.introduces
    JOIN core.source_record f ON f.source_record_id = l.person_id AND f.known_to = 'infinity' AND f.introduces
    WHERE l.known_to = 'infinity' AND l.decided_by <> 'person' AND (r.partner, r.person_ref) <> (f.partner, f.person_ref)
    UNION ALL
    SELECT kind, count(*) FROM identity.uncertain WHERE known_to = 'infinity' GROUP BY kind
    UNION ALL
    SELECT 'refused', count(DISTINCT (source_record_a, source_record_b)) FROM identity.contradiction WHERE known_to = 'infinity'
), counted AS (
    SELECT stratum, greatest(coalesce(s.pairs, 0), coalesce(k.reviewed, 0)) AS pairs, coalesce(k.reviewed, 0) AS reviewed,
           coalesce(k.said_same, 0) AS said_same
    FROM standing s FULL JOIN looked k USING (stratum)
    WHERE coalesce(s.pairs, 0) + coalesce(k.reviewed, 0) > 0
), measured AS (
    SELECT c.*, said_same::numeric / nullif(reviewed, 0) AS share, w.mid - w.half AS low, w.mid + w.half AS high
    FROM counted c
    CROSS JOIN LATERAL (
        SELECT CASE WHEN reviewed > 0 THEN (said_same + 1.9208) / (reviewed + 3.8416) END AS mid,
               1.96 / (reviewed + 3.8416) * sqrt(said_same::numeric * (reviewed - said_same) / nullif(reviewed, 0) + 0.9604) AS half
    ) w
), total AS (
    SELECT sum(pairs) AS pairs, sum(reviewed) AS reviewed, sum(said_same) AS said_same, bool_and(reviewed > 0) AS all_looked,
           sum(pairs * share) FILTER (WHERE stratum = 'joined') AS found, sum(pairs * low) FILTER (WHERE stratum = 'joined') AS found_low,
           sum(pairs * high) FILTER (WHERE stratum = 'joined') AS found_high,
           coalesce(sum(pairs * share) FILTER (WHERE stratum <> 'joined'), 0) AS missed,
           coalesce(sum(pairs * low) FILTER (WHERE stratum <> 'joined'), 0) AS missed_low,
           coalesce(sum(pairs * high) FILTER (WHERE stratum <> 'joined'), 0) AS missed_high
    FROM measured
)
SELECT CASE WHEN stratum = 'joined' THEN 'precision' ELSE 'missed' END AS measure, stratum, pairs, reviewed, said_same,
       round(share, 6) AS share, round(greatest(low, 0), 6) AS low, round(least(high, 1), 6) AS high
FROM measured
UNION ALL
SELECT 'recall', 'all', pairs, reviewed, said_same,
       CASE WHEN all_looked THEN round(found / nullif(found + missed, 0), 6) END,
       CASE WHEN all_looked THEN round(found_low / nullif(found_low + missed_high, 0), 6) END,
       CASE WHEN all_looked THEN round(found_high / nullif(found_high + missed_low, 0), 6) END
FROM total WHERE pairs IS NOT NULL
