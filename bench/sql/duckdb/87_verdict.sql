-- What:  the verdict on every test that found something, is in doubt or was measured, with its measure: a count, a sum or a ratio, of the person who decides it.
--        What is not written is not met (a criterion) or met (an improvement).
-- Grain: household x side x problem x criterion.   Reads: answer, found, counting, counted, doubt, rate, question, hh.   Key: the grain.
CREATE TABLE verdict AS
WITH d AS (SELECT getvariable('d') AS d), side AS (SELECT side, problem::problem_name AS problem, criterion::criterion_name AS criterion, test_no FROM question),
told AS (
    SELECT problem, criterion, 0 AS test, household_id, 2 AS rank, count(DISTINCT fact_id) FILTER (ref IS NULL) + count(DISTINCT ref) AS measure, NULL::TEXT AS feed
    FROM found, d WHERE d >= from_on AND d < to_on GROUP BY problem, criterion, household_id
    UNION ALL
    SELECT problem, criterion, test, household_id, 0, max(n), NULL
    FROM (SELECT problem, criterion, test, household_id, CASE WHEN problem = 'education' THEN sum(amount) ELSE count(DISTINCT coalesce(ref, fact_id::TEXT)) END AS n
          FROM counting, d WHERE d >= from_on AND d < to_on GROUP BY problem, criterion, test, household_id, CASE WHEN problem = 'education' THEN person_id END)
    GROUP BY problem, criterion, test, household_id
    UNION ALL
    SELECT 'education', unnest(['persistent_absence', 'attends']), 0, household_id, 0, unnest([round(min(attended / possible), 4), round(max(unauthorised / possible), 4)]), NULL
    FROM rate, d WHERE d >= asked_from AND d < asked_to GROUP BY household_id
    UNION ALL SELECT problem, criterion, test, household_id, 2, NULL, NULL FROM counted, d WHERE d >= from_on AND d < to_on
    UNION ALL SELECT problem, criterion, unnest(CASE criterion WHEN 'exclusion_days' THEN [0, 1] ELSE [0] END), household_id, 1, NULL, feed FROM doubt, d WHERE d >= from_on AND d < to_on
), tested AS (
    SELECT problem, criterion, household_id, test, max(rank) AS rank, max(measure) AS measure, list_sort(list(DISTINCT feed) FILTER (feed IS NOT NULL)) AS feeds
    FROM told GROUP BY problem, criterion, household_id, test
), decided AS (
    -- of a criterion's tests, the one that decides: a hit, else a doubt, else the first
    SELECT problem, criterion, household_id, arg_max({'test': test, 'rank': rank, 'measure': measure, 'feeds': feeds}, rank * 10 - test) AS t FROM tested WHERE rank > 0 OR test = 0
    GROUP BY problem, criterion, household_id
)
SELECT household_id, q.side, problem::TEXT AS problem, criterion::TEXT AS criterion,
       CASE WHEN t.rank = 1 THEN 'not_known' WHEN (t.rank = 2) = (q.side = 'identified') THEN 'met' ELSE 'not_met' END AS verdict,
       t.measure AS measure, CASE WHEN t.rank = 1 THEN t.feeds ELSE [] END AS unknown_feeds, q.test_no + t.test AS test_no
FROM decided JOIN side q USING (problem, criterion);
