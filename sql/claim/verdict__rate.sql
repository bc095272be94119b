-- what:  of the claims that auditors have looked at in other windows, how many, and how many first went wrong
-- grain: one row
-- reads: claim.verdict
-- key:   none
SELECT count(*) AS looked_at, count(*) FILTER (WHERE went_wrong) AS wrong
FROM (SELECT window_id, claim_id, bool_or(NOT is_valid) AS went_wrong FROM claim.verdict
      WHERE window_id <> :window_id GROUP BY window_id, claim_id) v
