-- what:  one household's verdicts on every criterion and test
-- grain: side x problem x criterion
-- reads: mart.household_criterion_v1, mart.household_test_v1
-- key:   side, problem, criterion
SELECT side, problem, criterion, verdict, measure, threshold, window_start, window_end, says, unknown_feeds
FROM (SELECT household_id, side, problem, criterion, verdict, measure, threshold, window_start, window_end, says, unknown_feeds
      FROM mart.household_criterion_v1
      UNION ALL
      SELECT household_id, side, problem, criterion, verdict, measure, threshold, window_start, window_end, says, unknown_feeds
      FROM mart.household_test_v1) v
WHERE household_id = :household_id AND (CAST(:problem AS text) IS NULL OR problem IN (:problem, ''))
ORDER BY side, problem, array_position(ARRAY['met', 'not_known', 'not_met'], verdict::text), criterion
