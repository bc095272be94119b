-- What:  for each problem, the later days on which it would stand in no result's way, with today's facts and every feed covered:
--        certainly not present since attachment, or certainly improved (by its tests, or by the nomination route).
-- Grain: household x problem.   Reads: problem.   Key: household_id, problem.
CREATE TEMP TABLE fine_problem ON COMMIT DROP AS
WITH later AS (
    SELECT household_id, problem, first_hit, first_doubt, first_other_hit, first_other_doubt,
           datemultirange(daterange(NULL, least(first_hit, first_doubt))) AS not_present,
           '{(,)}'::datemultirange - bad - improve_doubt AS by_tests, '{(,)}'::datemultirange - unsettled AS by_nomination,
           datemultirange(daterange(first_other_hit, NULL)) * CASE WHEN first_other_hit IS NULL THEN '{}' ELSE '{(,)}'::datemultirange END AS not_only,
           datemultirange(CASE WHEN first_hit < coalesce(least(first_other_hit, first_other_doubt), 'infinity')
           THEN daterange(first_hit, least(first_other_hit, first_other_doubt)) ELSE 'empty' END) AS only_nominated
    FROM problem
)
SELECT household_id, problem, first_hit,
       not_present + not_only * by_tests + only_nominated * by_nomination + by_tests * by_nomination AS days
FROM later
