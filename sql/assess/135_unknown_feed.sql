-- What:  for each test that is in doubt since attachment (identified) or on the day (improved), the feeds that would answer:
--        those that left the window uncovered, and those that a missing answer about a person would come from. `is_now`: on the day itself.
-- Grain: household x test x feed.   Reads: answer, rule, hh, uncovered_feed, test_doubt.   Key: household_id, rule_id, feed.
CREATE TEMP TABLE unknown_feed ON COMMIT DROP AS
WITH open_test AS (
    SELECT a.household_id, a.rule_id, r.side, r.problem, r.criterion, r.told_by,
           CASE WHEN r.side = 'identified' THEN assess.days(h.lo, :as_at) ELSE assess.days(:as_at, :as_at) END AS looked_at, a.doubt, a.cov
    FROM answer a JOIN rule r USING (rule_id) JOIN hh h USING (household_id)
), silent AS (
    SELECT * FROM open_test o WHERE (o.doubt + o.cov) && o.looked_at
), teller AS (
    -- two joins, not one lateral query for each test: whoever lacks much data has many tests in doubt
    SELECT o.household_id, o.rule_id, u.feed, u.days * o.cov @> CAST(:as_at AS date) AS is_now
    FROM silent o JOIN uncovered_feed u USING (rule_id)
    WHERE u.days * o.cov && o.looked_at
    UNION ALL
    SELECT o.household_id, o.rule_id, unnest(d.feeds), (d.doubt + d.cov) * (o.doubt + o.cov) @> CAST(:as_at AS date)
    FROM silent o JOIN test_doubt d USING (rule_id, household_id)
    WHERE ((d.doubt + d.cov) * (o.doubt + o.cov)) && o.looked_at
)
SELECT o.household_id, o.rule_id, o.side, o.problem, o.criterion, t.feed, bool_or(t.is_now) AS is_now
FROM silent o JOIN teller t USING (household_id, rule_id)
GROUP BY o.household_id, o.rule_id, o.side, o.problem, o.criterion, t.feed
