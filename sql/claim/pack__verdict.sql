-- what:  every verdict on the judged households, with what was measured and over which days
-- grain: household x side x problem x criterion
-- reads: mart.household_criterion_v1, mart.household_test_v1
-- key:   household_id, side, problem, criterion
SELECT household_id, side, problem, criterion, verdict::text, trim_scale(measure)::text AS measure, trim_scale(threshold)::text AS threshold,
       window_start, window_end, says, unknown_feeds
FROM (SELECT household_id, side, problem, criterion, verdict, measure, threshold, window_start, window_end, says, unknown_feeds
      FROM mart.household_criterion_v1
      UNION ALL
      SELECT household_id, side, problem, criterion, verdict, measure, threshold, window_start, window_end, says, unknown_feeds
      FROM mart.household_test_v1) v
WHERE household_id = ANY (CAST(:households AS bigint[])) ORDER BY household_id, side, problem, criterion
