-- What:  for each test, the days on which any of its feeds left its window uncovered.
-- Grain: rule.   Reads: uncovered_feed.   Key: rule_id.
CREATE TEMP TABLE uncovered ON COMMIT DROP AS
SELECT rule_id, range_agg(days) AS days FROM uncovered_feed GROUP BY rule_id
