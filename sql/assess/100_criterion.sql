-- What:  one answer per criterion: met when any of its tests is.
-- Grain: household x criterion, where there is anything to say.   Reads: answer, rule.   Key: household_id, problem, criterion.
CREATE TEMP TABLE criterion ON COMMIT DROP AS
SELECT household_id, problem, criterion, is_nominated, hit, doubt - hit AS doubt, cov - hit AS cov
FROM (SELECT a.household_id, r.problem, r.criterion, r.is_nominated,
             range_agg(a.hit) AS hit, range_agg(a.doubt) AS doubt, range_agg(a.cov) AS cov
      FROM answer a JOIN rule r USING (rule_id) WHERE r.side = 'identified'
      GROUP BY a.household_id, r.problem, r.criterion, r.is_nominated) c
