-- What:  the days on which each test is met (or stands in the way of improvement) and is in doubt; each problem from them: present, present since
--        attachment, the days on which it is not improved; and nominations that have neither ended nor been answered for long enough.
-- Grain: household x test x run of days; household x problem.   Reads: found, counted, doubt, question, hh, fact.   Key: the grain.
CREATE TEMP TABLE answer AS
SELECT q.side, a.problem, a.criterion, a.household_id, h.since, h.attached_on, a.from_on, a.to_on, a.is_hit, a.feed
FROM (SELECT problem, criterion, household_id, from_on, to_on, true AS is_hit, NULL AS feed FROM found
      UNION ALL SELECT problem, criterion, household_id, from_on, to_on, true, NULL FROM counted
      UNION ALL SELECT problem, criterion, household_id, from_on, to_on, false, feed FROM doubt) a
JOIN hh h USING (household_id)
JOIN (SELECT side, problem::problem_name AS problem, criterion::criterion_name AS criterion FROM question) q USING (problem, criterion)
WHERE a.from_on < h.till AND a.to_on > CASE q.side WHEN 'identified' THEN h.since ELSE getvariable('d') END;
CREATE TEMP TABLE unsettled AS
WITH goal AS (
    SELECT r.household_id, f.code AS problem, f.starts_on FROM fact f JOIN household_ref r USING (partner, family_ref) WHERE f.kind = 'family_goal_met' AND f.starts_on <= getvariable('d')
), nominated AS (
    SELECT n.household_id, n.problem, n.fact_id, min(greatest(n.from_on, h.since)) AS present_on, any_value(f.starts_on) AS starts_on, any_value(f.ends_on) AS ends_on
    FROM found n JOIN hh h USING (household_id) JOIN fact f USING (fact_id) WHERE n.criterion = 'nominated' AND f.kind = 'nomination' AND n.from_on < h.till GROUP BY ALL
)
SELECT n.household_id, n.problem, n.present_on AS from_on,
       least(coalesce(leaves(n.ends_on, 3), DATE '9999-12-31'), coalesce(leaves(min(g.starts_on), 3), DATE '9999-12-31')) AS to_on
FROM nominated n LEFT JOIN goal g ON g.household_id = n.household_id AND g.problem = n.problem::TEXT AND g.starts_on >= n.starts_on
GROUP BY n.household_id, n.problem, n.fact_id, n.present_on, n.ends_on;
CREATE TEMP TABLE problem AS
WITH d AS (SELECT getvariable('d') AS d), identified AS (
    SELECT household_id, problem,
           min(greatest(from_on, since)) FILTER (is_hit) AS first_hit, min(greatest(from_on, since)) FILTER (NOT is_hit) AS first_doubt,
           min(greatest(from_on, since)) FILTER (is_hit AND criterion <> 'nominated') AS first_other_hit,
           min(greatest(from_on, since)) FILTER (NOT is_hit AND criterion <> 'nominated') AS first_other_doubt,
           coalesce(bool_or(is_hit AND d >= from_on AND d < to_on), false) AS is_hit, coalesce(bool_or(NOT is_hit AND d >= from_on AND d < to_on), false) AS is_open,
           list_sort(list(DISTINCT criterion::TEXT) FILTER (is_hit AND d >= from_on AND d < to_on)) AS criteria_met
    FROM answer, d WHERE side = 'identified' GROUP BY household_id, problem
), improved AS (
    SELECT household_id, problem, bool_or(is_hit) AS is_bad, bool_or(NOT is_hit) AS is_open FROM answer, d WHERE side = 'improved' AND d >= from_on AND d < to_on GROUP BY household_id, problem
), met AS (
    -- the first day of the criteria that were met since attachment
    SELECT household_id, problem, min(from_on) AS first_met_on
    FROM (SELECT household_id, problem, criterion, min(from_on) AS from_on
          FROM answer, d WHERE side = 'identified' AND is_hit GROUP BY household_id, problem, criterion HAVING bool_or(from_on <= d)) GROUP BY household_id, problem
), nominated AS (
    SELECT household_id, problem FROM unsettled, d WHERE d >= from_on AND d < to_on GROUP BY household_id, problem
), told AS (
    SELECT h.household_id, h.attached_on, q.problem, i.first_hit, i.first_doubt, i.first_other_hit, i.first_other_doubt, coalesce(i.criteria_met, []) AS criteria_met, m.first_met_on,
           CASE WHEN i.is_hit THEN 'met' WHEN i.is_open THEN 'not_known' ELSE 'not_met' END AS present,
           CASE WHEN i.first_hit <= d THEN 'met' WHEN i.first_doubt <= d THEN 'not_known' ELSE 'not_met' END AS present_since,
           CASE WHEN b.is_bad THEN 'not_met' WHEN b.is_open THEN 'not_known' ELSE 'met' END AS by_tests,
           CASE WHEN n.household_id IS NOT NULL THEN 'not_met' ELSE 'met' END AS by_nomination,
           CASE WHEN i.first_other_hit <= d OR NOT coalesce(i.first_hit <= d, false) THEN 'not_met' WHEN i.first_other_doubt <= d THEN 'not_known' ELSE 'met' END AS only_nominated
    FROM hh h CROSS JOIN d CROSS JOIN (SELECT DISTINCT problem::problem_name AS problem FROM question) q
    LEFT JOIN identified i ON i.household_id = h.household_id AND i.problem = q.problem
    LEFT JOIN improved b ON b.household_id = h.household_id AND b.problem = q.problem
    LEFT JOIN met m ON m.household_id = h.household_id AND m.problem = q.problem
    LEFT JOIN nominated n ON n.household_id = h.household_id AND n.problem = q.problem
)
SELECT *, CASE only_nominated WHEN 'not_met' THEN by_tests WHEN 'met' THEN by_nomination ELSE CASE WHEN by_tests = by_nomination THEN by_tests ELSE 'not_known' END END AS improved
FROM told;
