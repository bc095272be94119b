-- What:  tests that one fact decides: the days on which it is found (hit), or would be if an unknown age fitted (doubt).
-- Grain: rule x household.   Reads: occurrence, rule, child_days.   Key: rule_id, household_id.
INSERT INTO finding (rule_id, household_id, hit, doubt)
WITH gathered AS (
    SELECT o.rule_id, o.household_id, r.with_child,
           coalesce(range_agg(o.days) FILTER (WHERE o.is_sure), '{}') AS hit,
           range_agg(o.days) AS possible
    FROM occurrence o JOIN rule r USING (rule_id)
    WHERE r.ask IN ('open', 'clear') OR (r.ask = 'seen' AND NOT r.every)
    GROUP BY o.rule_id, o.household_id, r.with_child
), conditioned AS (
    SELECT g.rule_id, g.household_id,
           CASE WHEN g.with_child THEN g.hit * c.sure ELSE g.hit END AS hit,
           CASE WHEN g.with_child THEN g.possible * (c.sure + c.possible) ELSE g.possible END AS possible
    FROM gathered g LEFT JOIN child_days c USING (household_id)
)
SELECT rule_id, household_id, hit, possible - hit FROM conditioned
